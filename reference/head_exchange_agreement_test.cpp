// The references of seq_to_head and head_to_seq against LibTorch, on random shapes.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "reference/head_to_seq/head_to_seq_reference.h"
#include "reference/padded_baseline.h"
#include "reference/seq_to_head/seq_to_head_reference.h"

namespace packproof::reference {
namespace {

struct Shape {
  std::int64_t world, tokens, heads_of_rank, dim;

  explicit Shape(unsigned seed) {
    std::mt19937 random(seed);
    const auto pick = [&](unsigned most) { return static_cast<std::int64_t>(1 + random() % most); };
    world = pick(5);
    tokens = world * pick(4);
    heads_of_rank = pick(3);
    dim = pick(4);
  }
  std::int64_t heads() const { return world * heads_of_rank; }
  Dims by_sequence() const {
    return {{Axis::token, tokens}, {Axis::head, heads()}, {Axis::feature, dim}};
  }
  Dims by_heads() const {
    return {{Axis::rank, world},
            {Axis::token, tokens},
            {Axis::head, heads_of_rank},
            {Axis::feature, dim}};
  }
};

// Runs a baseline on an input of numbered elements.
std::vector<double> baseline(ReferenceResult (*padded)(const Call&), const Shape& shape,
                             const char* input, const Dims& from, const char* output,
                             const Dims& to) {
  Case the_case;
  the_case.fields["sp"] = std::to_string(shape.world);
  std::vector<double> memory(static_cast<std::size_t>(element_count(from)));
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<double>(i);
  Call call{.the_case = &the_case};
  call.inputs = {{input, DType::fp64, from, memory.data()}};
  call.outputs = {{output, DType::fp64, to, nullptr}};
  return padded(call).at(0).value;
}

BitRows numbered(const Shape& shape) {
  BitRows rows(shape.tokens * shape.heads(), shape.dim);
  for (Eigen::Index i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<std::uint64_t>(i);
  return rows;
}

std::vector<double> values(const BitRows& rows) { return {rows.data(), rows.data() + rows.size()}; }

TEST(HeadExchangeAgreement, SeqToHead) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const Shape shape(seed);
    EXPECT_EQ(baseline(seq_to_head_padded, shape, "x", shape.by_sequence(), "y", shape.by_heads()),
              values(seq_to_head(numbered(shape), shape.heads(), shape.world)));
    EXPECT_EQ(
        baseline(seq_to_head_padded, shape, "dy", shape.by_heads(), "dx", shape.by_sequence()),
        values(seq_to_head_backward(numbered(shape), shape.heads_of_rank, shape.world)));
  }
}

TEST(HeadExchangeAgreement, HeadToSeq) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const Shape shape(seed);
    EXPECT_EQ(baseline(head_to_seq_padded, shape, "x", shape.by_heads(), "y", shape.by_sequence()),
              values(head_to_seq(numbered(shape), shape.heads_of_rank, shape.world)));
    EXPECT_EQ(
        baseline(head_to_seq_padded, shape, "dy", shape.by_sequence(), "dx", shape.by_heads()),
        values(head_to_seq_backward(numbered(shape), shape.heads(), shape.world)));
  }
}

}  // namespace
}  // namespace packproof::reference
