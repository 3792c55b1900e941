// The reference against values computed by hand.
#include "reference/norm/l2norm/l2norm_reference.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Two heads of two features; the last row is slack.
L2NormProblem small() {
  return {.x = Matrix{{3, 4, 0, 5}, {-6, 8, 1, 0}, {kNaN, kNaN, kNaN, kNaN}},
          .heads = 2,
          .eps = 0,
          .cu_seqlens = boundaries({0, 1, 1, 2})};
}

TEST(L2NormReference, EachHeadHasLengthOne) {
  EXPECT_TRUE(
      near(l2norm(small()).value, Matrix{{0.6, 0.8, 0, 1}, {-0.6, 0.8, 1, 0}, {0, 0, 0, 0}}));
}

TEST(L2NormReference, EpsilonIsUnderTheRoot) {
  L2NormProblem p = {.x = row({3, 4}), .heads = 1, .eps = 144, .cu_seqlens = boundaries({0, 1})};
  EXPECT_TRUE(near(l2norm(p).value, row({3.0 / 13, 4.0 / 13})));
}

// The gradient has no part along y: (1, 0) minus 0.6 (0.6, 0.8), over 5.
TEST(L2NormReference, Backward) {
  const Matrix dy = Matrix{{1, 0, 2, 7}, {0, 10, 3, 4}, {kNaN, kNaN, kNaN, kNaN}};
  EXPECT_TRUE(
      near(l2norm_backward(small(), dy).value,
           Matrix{{0.64 / 5, -0.48 / 5, 2.0 / 5, 0}, {4.8 / 10, 3.6 / 10, 0, 4}, {0, 0, 0, 0}}));
}

TEST(L2NormReference, AtZeroTheGradientIsDividedByTheRootOfEpsilon) {
  const L2NormProblem p = {
      .x = row({0, 0}), .heads = 1, .eps = 1e-6, .cu_seqlens = boundaries({0, 1})};
  EXPECT_EQ(l2norm(p).value, row({0, 0}));
  EXPECT_TRUE(near(l2norm_backward(p, row({1, -2})).value, row({1000, -2000})));
}

// d/dx of x / sqrt(x^2 + eps) is eps / (x^2 + eps)^1.5: at x = sqrt(eps), 1 / (sqrt(8 eps)).
TEST(L2NormReference, NearZero) {
  const L2NormProblem p = {
      .x = row({1e-3}), .heads = 1, .eps = 1e-6, .cu_seqlens = boundaries({0, 1})};
  EXPECT_NEAR(l2norm(p).value(0), std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(l2norm_backward(p, row({1})).value(0), 1000 / std::sqrt(8), 1e-10);
}

TEST(L2NormReference, MagnitudesCountFactors) {
  EXPECT_TRUE(
      near(l2norm(small()).magnitude, Matrix{{1.2, 1.6, 0, 2}, {1.2, 1.6, 2, 0}, {0, 0, 0, 0}}));
  const L2NormProblem p = {
      .x = row({3, 4}), .heads = 1, .eps = 0, .cu_seqlens = boundaries({0, 1})};
  // sum |y dy| = 0.6 + 1.6 = 2.2
  EXPECT_TRUE(near(l2norm_backward(p, row({-1, 2})).magnitude,
                   row({(2 + 4 * 0.6 * 2.2) / 5, (4 + 4 * 0.8 * 2.2) / 5})));
}

TEST(L2NormReference, AnInfinityMakesNanOfItselfAlone) {
  const double inf = std::numeric_limits<double>::infinity();
  const L2NormProblem p = {
      .x = row({inf, 2, 3, 4}), .heads = 2, .eps = 0, .cu_seqlens = boundaries({0, 1})};
  const Matrix y = l2norm(p).value;
  EXPECT_TRUE(std::isnan(y(0)));
  EXPECT_EQ(y(1), 0);
  EXPECT_NEAR(y(2), 0.6, 1e-15);
}

TEST(L2NormReference, NoTokenAtAll) {
  const L2NormProblem p = {
      .x = Matrix(0, 0), .heads = 3, .eps = 0, .cu_seqlens = boundaries({0, 0})};
  EXPECT_EQ(l2norm(p).value.size(), 0);
}

}  // namespace
}  // namespace packproof::reference
