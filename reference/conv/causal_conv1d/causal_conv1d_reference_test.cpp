// The reference against values computed by hand.
#include "reference/conv/causal_conv1d/causal_conv1d_reference.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One channel, width 2: y[t] = 1 + 2 x[t - 1] + 3 x[t].
CausalConv1dProblem small() {
  return {.x = column({1, 10, 100, 5, 7}),
          .weight = row({2, 3}),
          .bias = column({1}),
          .cu_seqlens = boundaries({0, 3, 3, 4}),
          .initial_state = {},
          .silu = false};
}

// One channel, no taps on neighbours: u = x.
CausalConv1dProblem activation_of(double u) {
  return {.x = column({u}),
          .weight = row({0, 1}),
          .bias = {},
          .cu_seqlens = boundaries({0, 1}),
          .initial_state = {},
          .silu = true};
}

TEST(CausalConv1dReference, TheWindowStopsAtEachBoundary) {
  EXPECT_EQ(causal_conv1d(small()).value, column({4, 33, 321, 16, 0}));
}

TEST(CausalConv1dReference, TheInitialStateStandsBeforeItsSegment) {
  CausalConv1dProblem p = small();
  p.initial_state = column({7, 1000, -1});
  EXPECT_EQ(causal_conv1d(p).value, column({18, 33, 321, 14, 0}));
}

TEST(CausalConv1dReference, WithoutBias) {
  CausalConv1dProblem p = small();
  p.bias = {};
  EXPECT_EQ(causal_conv1d(p).value, column({3, 32, 320, 15, 0}));
}

TEST(CausalConv1dReference, ChannelsHaveTheirOwnTaps) {
  CausalConv1dProblem p;
  p.x = Matrix{{1, 2}, {3, 4}, {5, 6}};
  p.weight = Matrix{{1, 10, 100}, {-1, 0, 2}};
  p.cu_seqlens = boundaries({0, 3});
  EXPECT_EQ(causal_conv1d(p).value, (Matrix{{100, 4}, {310, 8}, {531, 10}}));
}

TEST(CausalConv1dReference, TheFinalStateIsTheLastRowsOldestFirst) {
  CausalConv1dProblem p;
  p.x = Matrix{{1, -1}, {2, -2}, {3, -3}, {4, -4}};
  p.weight = Matrix::Zero(2, 3);
  p.cu_seqlens = boundaries({0, 3, 3, 4});
  EXPECT_EQ(causal_conv1d_final_state(p), (Matrix{{2, 3, -2, -3}, {0, 0, 0, 0}, {0, 4, 0, -4}}));
  p.initial_state = Matrix{{10, 11, 12, 13}, {20, 21, 22, 23}, {30, 31, 32, 33}};
  EXPECT_EQ(causal_conv1d_final_state(p),
            (Matrix{{2, 3, -2, -3}, {20, 21, 22, 23}, {31, 4, 33, -4}}));
}

TEST(CausalConv1dReference, Silu) {
  const double log3 = std::log(3.0);  // sigmoid is 3/4
  EXPECT_EQ(causal_conv1d(activation_of(0)).value(0), 0);
  EXPECT_NEAR(causal_conv1d(activation_of(log3)).value(0), 0.75 * log3, 1e-15);
  EXPECT_NEAR(causal_conv1d(activation_of(-log3)).value(0), -0.25 * log3, 1e-15);
  EXPECT_EQ(causal_conv1d(activation_of(kInfinity)).value(0), kInfinity);
  EXPECT_TRUE(std::isnan(causal_conv1d(activation_of(-kInfinity)).value(0)));
}

TEST(CausalConv1dReference, BackwardOfSilu) {
  const double log3 = std::log(3.0);
  const Matrix two = column({2});
  EXPECT_EQ(causal_conv1d_backward(activation_of(0), two, {}).x.value(0), 1);
  EXPECT_NEAR(causal_conv1d_backward(activation_of(log3), two, {}).x.value(0),
              2 * 0.75 * (1 + 0.25 * log3), 1e-15);
}

TEST(CausalConv1dReference, Backward) {
  CausalConv1dProblem p = small();
  p.initial_state = column({7, 1000, -1});
  const Matrix dy = column({1, 10, 100, 1000, 5});
  const auto d = causal_conv1d_backward(p, dy, {});
  EXPECT_EQ(d.x.value, column({3 + 20, 30 + 200, 300, 3000, 0}));
  EXPECT_EQ(d.initial_state.value, column({2, 0, 2000}));
  EXPECT_EQ(d.bias.value, column({1111}));
  EXPECT_EQ(d.weight.value, row({7 + 10 + 1000 - 1000, 1 + 100 + 10000 + 5000}));
}

TEST(CausalConv1dReference, TheFinalStateHandsItsGradientToTheRowsThatItCopies) {
  CausalConv1dProblem p;
  p.x = column({1, 2, 3, 4});
  p.weight = Matrix::Zero(1, 3);
  p.cu_seqlens = boundaries({0, 3, 3, 4});
  const auto d =
      causal_conv1d_backward(p, column({0, 0, 0, 0}), Matrix{{10, 20}, {30, 40}, {50, 60}});
  EXPECT_EQ(d.x.value, column({0, 10, 20, 60}));
  EXPECT_EQ(d.initial_state.value, (Matrix{{0, 0}, {30, 40}, {0, 50}}));
}

TEST(CausalConv1dReference, MagnitudesAreSumsOfTerms) {
  CausalConv1dProblem p = small();
  p.weight = row({-2, 3});
  EXPECT_EQ(causal_conv1d(p).magnitude, column({4, 33, 321, 16, 0}));
  const auto d = causal_conv1d_backward(p, column({1, -10, 100, 1000, 5}), {});
  EXPECT_EQ(d.x.magnitude, column({23, 230, 300, 3000, 0}));
  EXPECT_EQ(d.bias.magnitude, column({1111}));
  EXPECT_EQ(d.weight.magnitude, row({1010, 15101}));
}

// fp32 arithmetic as kernels do it, at every size of u: c = 4 of the bound holds for the
// activation.
TEST(CausalConv1dReference, MagnitudesBoundTheActivationInFp32) {
  constexpr double kBound = 4 * 0x1p-24;
  for (double exact = -200; exact <= 200; exact += 0.37) {
    const auto u = static_cast<float>(exact);
    const CausalConv1dProblem p = activation_of(static_cast<double>(u));
    const JudgedMatrix y = causal_conv1d(p);
    const float silu = u / (1.0f + std::exp(-u));
    EXPECT_LE(std::abs(static_cast<double>(silu) - y.value(0)), kBound * y.magnitude(0)) << u;

    const JudgedMatrix dx = causal_conv1d_backward(p, column({1}), {}).x;
    const float s = 1.0f / (1.0f + std::exp(-u));
    const float slope = s * (1.0f + u * (1.0f - s));
    EXPECT_LE(std::abs(static_cast<double>(slope) - dx.value(0)), kBound * dx.magnitude(0)) << u;
  }
}

// An error of u that its rounding makes stays within the bounds of what is computed from u.
TEST(CausalConv1dReference, MagnitudesPassOnErrorsOfThePreactivation) {
  for (const double size : {1.0, 100.0, 1e4, 1e6, 1e8}) {
    for (double target = -30; target <= 30; target += 0.7) {
      CausalConv1dProblem p = activation_of(1);
      p.bias = column({size});
      p.weight(1) = target - size;  // cancels down to the target
      CausalConv1dProblem off = p;
      off.bias(0) += 0x1p-24 * size;
      const JudgedMatrix y = causal_conv1d(p);
      EXPECT_LE(std::abs(causal_conv1d(off).value(0) - y.value(0)), 0x1p-24 * y.magnitude(0));
      const JudgedMatrix db = causal_conv1d_backward(p, column({1}), {}).bias;
      EXPECT_LE(std::abs(causal_conv1d_backward(off, column({1}), {}).bias.value(0) - db.value(0)),
                0x1p-24 * db.magnitude(0));
    }
  }
}

TEST(CausalConv1dReference, NoSegmentAndNoToken) {
  CausalConv1dProblem p = small();
  p.cu_seqlens = boundaries({0});
  EXPECT_EQ(causal_conv1d(p).value, Matrix::Zero(5, 1));
  EXPECT_EQ(causal_conv1d_final_state(p).rows(), 0);
  EXPECT_EQ(causal_conv1d_backward(p, p.x, {}).weight.value, row({0, 0}));
}

}  // namespace
}  // namespace packproof::reference
