// For tests in which a half of Ulysses' exchange meets LibTorch: random shapes, numbered elements.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "cases/packing/call.h"
#include "cases/packing/reference_result.h"
#include "reference/arrays.h"

namespace packproof::reference {

struct RandomHeadExchange {
  std::int64_t world, tokens, heads_of_rank, dim;

  explicit RandomHeadExchange(unsigned seed) {
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
inline std::vector<double> baseline(ReferenceResult (*padded)(const Call&),
                                    const RandomHeadExchange& shape, const char* input,
                                    const Dims& from, const char* output, const Dims& to) {
  Case the_case;
  the_case.fields["sp"] = std::to_string(shape.world);
  std::vector<double> memory(static_cast<std::size_t>(element_count(from)));
  for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<double>(i);
  Call call{.the_case = &the_case};
  call.inputs = {{input, DType::fp64, from, memory.data()}};
  call.outputs = {{output, DType::fp64, to, nullptr}};
  return padded(call).at(0).value;
}

inline BitRows numbered(const RandomHeadExchange& shape) {
  BitRows rows(shape.tokens * shape.heads(), shape.dim);
  for (Eigen::Index i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<std::uint64_t>(i);
  return rows;
}

inline std::vector<double> values(const BitRows& rows) {
  return {rows.data(), rows.data() + rows.size()};
}

}  // namespace packproof::reference
