// The reference against values computed by hand.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLong = 0x1p20;     // beside its square an epsilon of 1e-6 is nothing
const double kLog3 = std::log(3.0);  // where sigmoid is 3/4

// Two heads of two features; the root mean squares are 5 and 13 times sqrt(1/2), then 1 and 2, all
// times kLong. The last row is slack.
HandMadeCall small() {
  const Values x = {3, 4, 5, -12, 1, 1, -2, 2, kNaN, kNaN, kNaN, kNaN};
  const Values z = {kLog3, 0, -kLog3, kLog3, kLog3, kLog3, 0, -kLog3, kNaN, 1, 1, 1};
  return {.inputs = {{"x", {{3, 2, 2}, scaled(x, kLong)}},
                     {"z", {{3, 2, 2}, z}},
                     {"weight", {{2}, {10, -1}}}},
          .integers = {{"cu_seqlens", list({0, 1, 1, 2})}}};
}

// One head of one token; silu(z) = 3/4 log 3, and n = x / kLong.
HandMadeCall unit_norm() {
  return {.inputs = {{"x", {{1, 1, 2}, {kLong, kLong}}},
                     {"z", {{1, 1, 2}, {kLog3, kLog3}}},
                     {"weight", {{2}, {2, 4}}}},
          .integers = {{"cu_seqlens", list({0, 1})}}};
}

ReferenceResult run(const HandMadeCall& call) { return run(rms_norm_gated_reference, call); }
ReferenceResult backward(HandMadeCall call, Values dy) {
  call.direction = Direction::bwd;
  call.inputs["dy"] = {call.inputs["x"].sizes, std::move(dy)};
  return run(call);
}

TEST(RmsNormGatedReference, EachHeadIsNormalisedWeightedAndGated) {
  const double r2 = std::sqrt(2.0);
  EXPECT_TRUE(
      near(value_of(run(small()), "y"), {6 * r2 * 0.75 * kLog3, 0, 50.0 / 13 * r2 * -0.25 * kLog3,
                                         12.0 / 13 * r2 * 0.75 * kLog3,                //
                                         7.5 * kLog3, -0.75 * kLog3, 0, 0.25 * kLog3,  //
                                         0, 0, 0, 0}));
}

TEST(RmsNormGatedReference, EpsilonIsAddedToTheMean) {
  HandMadeCall call = small();
  const double third = 1e-3 / std::sqrt(3.0);  // its square is a third of epsilon
  call.inputs["x"].values[4] = call.inputs["x"].values[5] = third;
  EXPECT_NEAR(value_of(run(call), "y")[4], 3.75 * kLog3, 1e-14);
}

TEST(RmsNormGatedReference, Backward) {
  const ReferenceResult d = backward(unit_norm(), {1, 3});
  const double silu = 0.75 * kLog3, slope = 0.75 * (1 + 0.25 * kLog3);
  // h = (2, 12) silu, of which the mean goes.
  EXPECT_TRUE(near(scaled(value_of(d, "dx"), kLong), {-5 * silu, 5 * silu}));
  EXPECT_TRUE(near(value_of(d, "dz"), {2 * slope, 12 * slope}));
  EXPECT_TRUE(near(value_of(d, "dweight"), {silu, 3 * silu}));
}

TEST(RmsNormGatedReference, TheWeightsGradientSumsOverHeadsAndTokensButNotSlack) {
  HandMadeCall call = unit_norm();
  const Values x = {1, 1, -1, 1, 2, 2, 3, -3, kNaN, kNaN, kNaN, kNaN};
  call.inputs["x"] = {{3, 2, 2}, scaled(x, kLong)};
  call.inputs["z"] = {{3, 2, 2}, Values(12, kLog3)};
  call.integers["cu_seqlens"] = list({0, 1, 2});
  const Values dy = {1, 10, 2, 20, 4, 40, 8, 80, kNaN, kNaN, kNaN, kNaN};
  const double silu = 0.75 * kLog3;
  EXPECT_TRUE(near(value_of(backward(call, dy), "dweight"),
                   {(1 - 2 + 4 + 8) * silu, (10 + 20 + 40 - 80) * silu}));
}

TEST(RmsNormGatedReference, AtZeroTheGradientIsDividedByTheRootOfEpsilon) {
  HandMadeCall call = unit_norm();
  call.inputs["x"].values = {0, 0};
  EXPECT_EQ(value_of(run(call), "y"), (Values{0, 0}));
  const ReferenceResult d = backward(call, {1, 3});
  EXPECT_TRUE(near(value_of(d, "dx"), {1500 * kLog3, 9000 * kLog3}));
  EXPECT_EQ(value_of(d, "dweight"), (Values{0, 0}));
}

TEST(RmsNormGatedReference, MagnitudesCountFactors) {
  Values twice = value_of(run(small()), "y");
  for (double& value : twice) value = 2 * std::abs(value);
  EXPECT_TRUE(near(magnitude_of(run(small()), "y"), twice));
  const ReferenceResult d = backward(unit_norm(), {1, -3});
  const double silu = 0.75 * kLog3, slope = 0.75 * (1 + 0.25 * kLog3);
  EXPECT_TRUE(
      near(scaled(magnitude_of(d, "dx"), kLong), {(4 + 4 * 7) * silu, (24 + 4 * 7) * silu}));
  EXPECT_TRUE(near(magnitude_of(d, "dz"), {4 * slope, 24 * slope}));
  EXPECT_TRUE(near(magnitude_of(d, "dweight"), {2 * silu, 6 * silu}));
}

TEST(RmsNormGatedReference, NoTokenAtAll) {
  HandMadeCall call = unit_norm();
  call.integers["cu_seqlens"] = list({0, 0});
  EXPECT_EQ(value_of(run(call), "y"), (Values{0, 0}));
  EXPECT_EQ(value_of(backward(call, {1, 1}), "dweight"), (Values{0, 0}));
}

}  // namespace
}  // namespace packproof::reference
