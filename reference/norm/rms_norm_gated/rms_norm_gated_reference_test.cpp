// The reference against values computed by hand.
#include "reference/norm/rms_norm_gated/rms_norm_gated_reference.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLog3 = std::log(3.0);  // where sigmoid is 3/4

// Two heads of two features; the root mean squares are 5 and 13 times sqrt(1/2), then 1 and 2. The
// last row is slack.
RmsNormGatedProblem small() {
  return {.x = Matrix{{3, 4, 5, -12}, {1, 1, -2, 2}, {kNaN, kNaN, kNaN, kNaN}},
          .z = Matrix{{kLog3, 0, -kLog3, kLog3}, {kLog3, kLog3, 0, -kLog3}, {kNaN, 1, 1, 1}},
          .weight = column({10, -1}),
          .eps = 0,
          .cu_seqlens = boundaries({0, 1, 1, 2})};
}

TEST(RmsNormGatedReference, EachHeadIsNormalisedWeightedAndGated) {
  const double r2 = std::sqrt(2.0);
  EXPECT_TRUE(near(rms_norm_gated(small()).value,
                   Matrix{{6 * r2 * 0.75 * kLog3, 0, 50.0 / 13 * r2 * -0.25 * kLog3,
                           12.0 / 13 * r2 * 0.75 * kLog3},
                          {7.5 * kLog3, -0.75 * kLog3, 0, 0.25 * kLog3},
                          {0, 0, 0, 0}}));
}

TEST(RmsNormGatedReference, EpsilonIsAddedToTheMean) {
  RmsNormGatedProblem p = small();
  p.eps = 3;  // the second token's first head: 1 / sqrt(1 + 3)
  EXPECT_NEAR(rms_norm_gated(p).value(1, 0), 3.75 * kLog3, 1e-14);
}

// One head of one token; silu(z) = 3/4 log 3, and n = x.
RmsNormGatedProblem unit_norm() {
  return {.x = row({1, 1}),
          .z = row({kLog3, kLog3}),
          .weight = column({2, 4}),
          .eps = 0,
          .cu_seqlens = boundaries({0, 1})};
}

TEST(RmsNormGatedReference, Backward) {
  const RmsNormGatedGradients d = rms_norm_gated_backward(unit_norm(), row({1, 3}));
  const double silu = 0.75 * kLog3, slope = 0.75 * (1 + 0.25 * kLog3);
  // h = (2, 12) silu, of which the mean goes.
  EXPECT_TRUE(near(d.x.value, row({-5 * silu, 5 * silu})));
  EXPECT_TRUE(near(d.z.value, row({2 * slope, 12 * slope})));
  EXPECT_TRUE(near(d.weight.value, column({silu, 3 * silu})));
}

TEST(RmsNormGatedReference, TheWeightsGradientSumsOverHeadsAndTokensButNotSlack) {
  RmsNormGatedProblem p = unit_norm();
  p.x = Matrix{{1, 1, -1, 1}, {2, 2, 3, -3}, {kNaN, kNaN, kNaN, kNaN}};
  p.z = Matrix::Constant(3, 4, kLog3);
  p.cu_seqlens = boundaries({0, 1, 2});
  const Matrix dy = Matrix{{1, 10, 2, 20}, {4, 40, 8, 80}, {kNaN, kNaN, kNaN, kNaN}};
  const double silu = 0.75 * kLog3;
  EXPECT_TRUE(near(rms_norm_gated_backward(p, dy).weight.value,
                   column({(1 - 2 + 4 + 8) * silu, (10 + 20 + 40 - 80) * silu})));
}

TEST(RmsNormGatedReference, AtZeroTheGradientIsDividedByTheRootOfEpsilon) {
  RmsNormGatedProblem p = unit_norm();
  p.x = row({0, 0});
  p.eps = 1e-6;
  EXPECT_EQ(rms_norm_gated(p).value, row({0, 0}));
  const RmsNormGatedGradients d = rms_norm_gated_backward(p, row({1, 3}));
  EXPECT_TRUE(near(d.x.value, row({1500 * kLog3, 9000 * kLog3})));
  EXPECT_EQ(d.weight.value, column({0, 0}));
}

TEST(RmsNormGatedReference, MagnitudesCountFactors) {
  EXPECT_TRUE(
      near(rms_norm_gated(small()).magnitude, 2 * rms_norm_gated(small()).value.cwiseAbs()));
  const RmsNormGatedGradients d = rms_norm_gated_backward(unit_norm(), row({1, -3}));
  const double silu = 0.75 * kLog3, slope = 0.75 * (1 + 0.25 * kLog3);
  EXPECT_TRUE(near(d.x.magnitude, row({(4 + 4 * 7) * silu, (24 + 4 * 7) * silu})));
  EXPECT_TRUE(near(d.z.magnitude, row({4 * slope, 24 * slope})));
  EXPECT_TRUE(near(d.weight.magnitude, column({2 * silu, 6 * silu})));
}

TEST(RmsNormGatedReference, NoTokenAtAll) {
  RmsNormGatedProblem p = unit_norm();
  p.cu_seqlens = boundaries({0, 0});
  EXPECT_EQ(rms_norm_gated(p).value, row({0, 0}));
  EXPECT_EQ(rms_norm_gated_backward(p, p.x).weight.value, column({0, 0}));
}

}  // namespace
}  // namespace packproof::reference
