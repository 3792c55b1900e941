// A segment that is cut in two, its state carried over, is the segment whole.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cases/core/tensor.h"
#include "harness/testing/run_descriptor.h"

namespace packproof::harness {
namespace {

// An op with a state for each segment, and its tensors with a row for each token.
struct StatefulOp {
  std::string fields;  // of a descriptor, without len
  std::vector<std::string> token_inputs;
  std::string output;
};

constexpr std::int64_t kFirst = 150, kSecond = 30;  // tokens of the two segments

Bytes slice(const Bytes& rows, std::int64_t begin, std::int64_t end, std::int64_t count) {
  const std::size_t row = rows.size() / static_cast<std::size_t>(count);
  const auto at = [&](std::int64_t i) {
    return rows.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(i) * row);
  };
  return {at(begin), at(end)};
}

Bytes joined(Bytes front, const Bytes& back) {
  front.insert(front.end(), back.begin(), back.end());
  return front;
}

struct Outcome {
  Bytes output, final_state;
};

Outcome whole(const StatefulOp& op, Tensors& all) {
  all = run(fmt::format("{} len={},{}", op.fields, kFirst, kSecond));
  return {all.at(op.output), all.at("final_state")};
}

// The first segment cut at `cut`; the second one in the second call.
Outcome in_two_calls(const StatefulOp& op, const Tensors& all, std::int64_t cut) {
  constexpr std::int64_t kTokens = kFirst + kSecond;
  Tensors front, back;
  for (const auto& [name, bytes] : all) {
    if (name == "cu_seqlens" || name == op.output || name == "final_state") continue;
    front[name] = back[name] = bytes;
  }
  for (const std::string& name : op.token_inputs) {
    front[name] = slice(all.at(name), 0, cut, kTokens);
    back[name] = slice(all.at(name), cut, kTokens, kTokens);
  }
  front["initial_state"] = slice(all.at("initial_state"), 0, 1, 2);
  const Tensors first = run(fmt::format("{} len={}", op.fields, cut), front);
  back["initial_state"] = joined(first.at("final_state"), slice(all.at("initial_state"), 1, 2, 2));
  const Tensors second = run(fmt::format("{} len={},{}", op.fields, kFirst - cut, kSecond), back);
  return {joined(first.at(op.output), second.at(op.output)), second.at("final_state")};
}

// Relative distance of the whole tensors, elements of `dtype`.
double distance(const Bytes& a, const Bytes& b, DType dtype) {
  EXPECT_EQ(a.size(), b.size());
  double error = 0, size = 0;
  const auto element = [&](const Bytes& bytes, std::size_t i) {
    Bytes copy(bytes.begin() + static_cast<std::ptrdiff_t>(i * size_of(dtype)),
               bytes.begin() + static_cast<std::ptrdiff_t>((i + 1) * size_of(dtype)));
    return load({.name = "", .dtype = dtype, .dims = {}, .data = copy.data()}, 0);
  };
  for (std::size_t i = 0; i < a.size() / size_of(dtype); ++i) {
    error += std::pow(element(a, i) - element(b, i), 2);
    size += std::pow(element(b, i), 2);
  }
  return std::sqrt(error / size);
}

StatefulOp delta_rule(const char* op, const char* fields) {
  return {.fields = fmt::format("{}:fwd key_heads=1 value_heads=2 seed=3 {}", op, fields),
          .token_inputs = {"q", "k", "v", "g", "beta"},
          .output = "o"};
}

// Chunks begin anew at a segment's start: cut at the edge of one, nothing is added otherwise.
TEST(CarriedState, ADeltaRuleCutBetweenChunksHasTheSameBits) {
  for (const char* dtype : {"bf16", "fp16", "fp32"}) {
    const StatefulOp op =
        delta_rule("chunk_gated_delta_rule", (std::string("state=both dtype=") + dtype).c_str());
    Tensors all;
    const Outcome expected = whole(op, all);
    for (const std::int64_t cut : {64, 128}) {
      SCOPED_TRACE(fmt::format("{} at {}", dtype, cut));
      const Outcome found = in_two_calls(op, all, cut);
      EXPECT_TRUE(found.output == expected.output);
      EXPECT_TRUE(found.final_state == expected.final_state);
    }
  }
}

TEST(CarriedState, ADeltaRuleCutAnywhereIsTheSameButForRounding) {
  const StatefulOp op = delta_rule("chunk_gated_delta_rule", "state=both dtype=fp32");
  Tensors all;
  const Outcome expected = whole(op, all);
  for (const std::int64_t cut : {1, 63, 65, 149}) {
    SCOPED_TRACE(cut);
    const Outcome found = in_two_calls(op, all, cut);
    EXPECT_LE(distance(found.output, expected.output, DType::fp32), 1e-5);
    EXPECT_LE(distance(found.final_state, expected.final_state, DType::fp32), 1e-5);
  }
}

TEST(CarriedState, AConvolutionCutAnywhereHasTheSameBits) {
  const StatefulOp op = {
      .fields = "causal_conv1d:fwd channels=8 width=4 activation=silu state=both seed=3",
      .token_inputs = {"x"},
      .output = "y"};
  Tensors all;
  const Outcome expected = whole(op, all);
  for (const std::int64_t cut : {1, 2, 3, 64, 100, 149}) {
    SCOPED_TRACE(cut);
    const Outcome found = in_two_calls(op, all, cut);
    EXPECT_TRUE(found.output == expected.output);
    EXPECT_TRUE(found.final_state == expected.final_state);
  }
}

}  // namespace
}  // namespace packproof::harness
