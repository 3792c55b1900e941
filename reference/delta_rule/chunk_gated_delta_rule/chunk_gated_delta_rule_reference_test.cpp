// The reference against values computed by hand and against differences of its own forward pass.
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <utility>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLog2 = std::log(2.0);
const char* const kInputs[] = {"q", "k", "v", "g", "beta"};

// Four key channels, of which two are used, so that the scale is 1/2; one value channel. Two
// segments of two tokens and one, and a row of slack.
HandMadeCall small() {
  return {
      .fields = {{"l2norm", "no"}},
      .inputs = {{"q", {{4, 1, 4}, {2, 0, 0, 0, 1, 1, 0, 0, 2, 2, 0, 0, kNaN, kNaN, kNaN, kNaN}}},
                 {"k", {{4, 1, 4}, {1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, kNaN, kNaN, kNaN, kNaN}}},
                 {"v", {{4, 1, 1}, {2, 4, 3, kNaN}}},
                 {"g", {{4, 1}, {-1, -kLog2, -kLog2, kNaN}}},
                 {"beta", {{4, 1}, {0.5, 1, 0.5, kNaN}}}},
      .integers = {{"cu_seqlens", list({0, 2, 3})}},
      .outputs = {{"o", {}}, {"final_state", {}}}};
}

ReferenceResult run(const HandMadeCall& call) {
  return run(chunk_gated_delta_rule_reference, call);
}

TEST(GatedDeltaRuleReference, DecaysCorrectsAndReads) {
  // S = (1, 0), o = 1; then S = (1/2, 0), which k reads as 1/2: (4, 3.5), o = 3.75.
  // The next segment starts from nothing: S = (0, 1.5), o = 1.5.
  const ReferenceResult out = run(small());
  EXPECT_TRUE(near(value_of(out, "o"), {1, 3.75, 1.5, 0}));
  EXPECT_TRUE(near(value_of(out, "final_state"), {4, 3.5, 0, 0, 0, 1.5, 0, 0}));
}

TEST(GatedDeltaRuleReference, StartsFromTheInitialStateOfItsSegment) {
  HandMadeCall call = small();
  call.inputs["initial_state"] = {{2, 1, 4, 1}, {0, 0, 0, 0, 8, 2, 0, 0}};
  // (4, 1), which k reads as 1: (4, 2).
  const ReferenceResult out = run(call);
  EXPECT_TRUE(near(value_of(out, "o"), {1, 3.75, 6, 0}));
  EXPECT_TRUE(near(value_of(out, "final_state"), {4, 3.5, 0, 0, 4, 2, 0, 0}));
}

TEST(GatedDeltaRuleReference, ValueHeadsShareKeyHeadsInOrder) {
  // Four value heads on two key heads; only key head 1 is read with q.
  const ReferenceResult out = run({.fields = {{"l2norm", "no"}},
                                   .inputs = {{"q", {{1, 2, 1}, {0, 1}}},
                                              {"k", {{1, 2, 1}, {1, 1}}},
                                              {"v", {{1, 4, 1}, {1, 2, 3, 4}}},
                                              {"g", {{1, 4}, {0, 0, 0, 0}}},
                                              {"beta", {{1, 4}, {1, 1, 1, 1}}}},
                                   .integers = {{"cu_seqlens", list({0, 1})}},
                                   .outputs = {{"o", {}}}});
  EXPECT_TRUE(near(value_of(out, "o"), {0, 0, 3, 4}));
}

TEST(GatedDeltaRuleReference, NormalizesQAndK) {
  HandMadeCall call = {.fields = {{"l2norm", "inside"}},
                       .inputs = {{"q", {{1, 1, 4}, {3e3, 4e3, 0, 0}}},
                                  {"k", {{1, 1, 4}, {0, 5e3, 0, 0}}},
                                  {"v", {{1, 1, 1}, {10}}},
                                  {"g", {{1, 1}, {0}}},
                                  {"beta", {{1, 1}, {1}}}},
                       .integers = {{"cu_seqlens", list({0, 1})}},
                       .outputs = {{"o", {}}}};
  EXPECT_NEAR(value_of(run(call), "o")[0], 0.5 * 0.8 * 10, 1e-12);
  call.inputs["k"].values = {0, 0, 0, 0};
  EXPECT_EQ(value_of(run(call), "o")[0], 0);
}

TEST(GatedDeltaRuleReference, SegmentSplitWithItsStateCarriedIsTheWhole) {
  HandMadeCall whole = small();
  whole.integers["cu_seqlens"] = list({0, 3});
  HandMadeCall head = small(), tail = small();
  head.integers["cu_seqlens"] = list({0, 1});
  for (const char* name : kInputs) tail.inputs[name] = rows(whole.inputs[name], 1, 4);
  tail.integers["cu_seqlens"] = list({0, 2});
  tail.inputs["initial_state"] = {{1, 1, 4, 1}, value_of(run(head), "final_state")};
  EXPECT_EQ(value_of(run(tail), "final_state"), value_of(run(whole), "final_state"));
}

// Two key heads and four value heads, of 3 and 2 channels.
HandMadeCall random_call(const char* l2norm) {
  std::mt19937 random(7);
  const auto tensor = [&](const Sizes& sizes, double low, double high) {
    Values values(static_cast<std::size_t>(
        std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>())));
    for (double& value : values)
      value = low + (high - low) * static_cast<double>(random()) / 0x1p32;
    return HandMadeTensor{sizes, std::move(values)};
  };
  HandMadeCall call = {.fields = {{"l2norm", l2norm}},
                       .integers = {{"cu_seqlens", list({0, 66, 66, 69})}},
                       .outputs = {{"o", {}}, {"final_state", {}}}};
  call.inputs["q"] = tensor({70, 2, 3}, -1, 1);
  call.inputs["k"] = tensor({70, 2, 3}, -0.5, 0.5);
  call.inputs["v"] = tensor({70, 4, 2}, -1, 1);
  call.inputs["g"] = tensor({70, 4}, -0.5, 0);
  call.inputs["beta"] = tensor({70, 4}, 0, 1);
  call.inputs["initial_state"] = tensor({3, 4, 3, 2}, -1, 1);
  return call;
}

ReferenceResult gradients(HandMadeCall call, const HandMadeTensor& dout) {
  call.direction = Direction::bwd;
  call.inputs["do"] = dout;
  call.outputs = {{"dinitial_state", {}}};
  for (const char* name : kInputs) call.outputs["d" + std::string(name)] = {};
  return run(call);
}

double product(const Values& a, const Values& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Over the boundary of two kept states, with shared key heads and states at both ends.
void expect_gradients_to_be_slopes(const char* l2norm) {
  HandMadeCall call = random_call(l2norm);
  const HandMadeTensor dout = call.inputs["v"], dfinal = call.inputs["initial_state"];
  const auto loss = [&] {
    const ReferenceResult out = run(call);
    return product(value_of(out, "o"), dout.values) +
           product(value_of(out, "final_state"), dfinal.values);
  };
  HandMadeCall backward = call;
  backward.inputs["dfinal_state"] = dfinal;
  const ReferenceResult d = gradients(backward, dout);
  for (auto& [name, input] : call.inputs) {
    const Values& gradient = value_of(d, "d" + name);
    ASSERT_EQ(input.values.size(), gradient.size());
    for (std::size_t i = 0; i < gradient.size(); i += 5) {
      constexpr double kStep = 1e-5;
      double& x = input.values[i];
      const double at = x;
      x = at + kStep;
      const double above = loss();
      x = at - kStep;
      const double below = loss();
      x = at;
      ASSERT_NEAR(gradient[i], (above - below) / (2 * kStep), 1e-7) << name << " " << i;
    }
  }
}

TEST(GatedDeltaRuleReference, GradientsAreSlopes) { expect_gradients_to_be_slopes("no"); }
TEST(GatedDeltaRuleReference, GradientsThroughTheNormAreSlopes) {
  expect_gradients_to_be_slopes("inside");
}

TEST(GatedDeltaRuleReference, MagnitudesAreNoLessThanValues) {
  const HandMadeCall call = random_call("inside");
  ReferenceResult all = run(call);
  for (ReferenceTensor& d : gradients(call, call.inputs.at("v"))) all.push_back(std::move(d));
  ASSERT_EQ(all.size(), 8u);
  for (const ReferenceTensor& tensor : all)
    for (std::size_t i = 0; i < tensor.value.size(); ++i)
      EXPECT_GE(tensor.magnitude[i], std::abs(tensor.value[i]) - 1e-12) << tensor.name << " " << i;
}

}  // namespace
}  // namespace packproof::reference
