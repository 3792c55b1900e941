// The reference against values computed by hand.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kLong = 0x1p20;  // beside its square an epsilon of 1e-6 is nothing

HandMadeCall forward(Sizes sizes, Values x, Values cu_seqlens) {
  return {.inputs = {{"x", {std::move(sizes), std::move(x)}}},
          .integers = {{"cu_seqlens", list(std::move(cu_seqlens))}}};
}
HandMadeCall backward(HandMadeCall call, Values dy) {
  call.direction = Direction::bwd;
  call.inputs["dy"] = {call.inputs["x"].sizes, std::move(dy)};
  return call;
}

ReferenceTensor y_of(const HandMadeCall& call) { return run(l2norm_reference, call).at(0); }
ReferenceTensor dx_of(const HandMadeCall& call, const Values& dy) {
  return run(l2norm_reference, backward(call, dy)).at(0);
}

// Two heads of two features; the last row is slack.
HandMadeCall small() {
  return forward({3, 2, 2}, scaled({3, 4, 0, 5, -6, 8, 1, 0, kNaN, kNaN, kNaN, kNaN}, kLong),
                 {0, 1, 1, 2});
}
// One token.
HandMadeCall one(std::int64_t heads, const Values& x) {
  return forward({1, heads, std::ssize(x) / heads}, x, {0, 1});
}

TEST(L2NormReference, EachHeadHasLengthOne) {
  EXPECT_TRUE(near(y_of(small()).value, {0.6, 0.8, 0, 1, -0.6, 0.8, 1, 0, 0, 0, 0, 0}));
}

// 144 e-6 under the root with 25 e-6.
TEST(L2NormReference, EpsilonIsUnderTheRoot) {
  EXPECT_TRUE(near(y_of(one(1, {3e-3 / 12, 4e-3 / 12})).value, {3.0 / 13, 4.0 / 13}));
}

// The gradient has no part along y: (1, 0) minus 0.6 (0.6, 0.8), over 5.
TEST(L2NormReference, Backward) {
  const Values dy = {1, 0, 2, 7, 0, 10, 3, 4, kNaN, kNaN, kNaN, kNaN};
  EXPECT_TRUE(near(dx_of(small(), scaled(dy, kLong)).value,
                   {0.64 / 5, -0.48 / 5, 2.0 / 5, 0, 4.8 / 10, 3.6 / 10, 0, 4, 0, 0, 0, 0}));
}

TEST(L2NormReference, AtZeroTheGradientIsDividedByTheRootOfEpsilon) {
  EXPECT_EQ(y_of(one(1, {0, 0})).value, (Values{0, 0}));
  EXPECT_TRUE(near(dx_of(one(1, {0, 0}), {1, -2}).value, {1000, -2000}));
}

// d/dx of x / sqrt(x^2 + eps) is eps / (x^2 + eps)^1.5: at x = sqrt(eps), 1 / (sqrt(8 eps)).
TEST(L2NormReference, NearZero) {
  EXPECT_NEAR(y_of(one(1, {1e-3})).value[0], std::sqrt(0.5), 1e-15);
  EXPECT_NEAR(dx_of(one(1, {1e-3}), {1}).value[0], 1000 / std::sqrt(8), 1e-10);
}

TEST(L2NormReference, MagnitudesCountFactors) {
  EXPECT_TRUE(near(y_of(small()).magnitude, {1.2, 1.6, 0, 2, 1.2, 1.6, 2, 0, 0, 0, 0, 0}));
  // sum |y dy| = 0.6 + 1.6 = 2.2
  EXPECT_TRUE(near(dx_of(one(1, {3 * kLong, 4 * kLong}), {-kLong, 2 * kLong}).magnitude,
                   {(2 + 4 * 0.6 * 2.2) / 5, (4 + 4 * 0.8 * 2.2) / 5}));
}

TEST(L2NormReference, AnInfinityMakesNanOfItselfAlone) {
  const double inf = std::numeric_limits<double>::infinity();
  const Values y = y_of(one(2, {inf, 2, 3 * kLong, 4 * kLong})).value;
  EXPECT_TRUE(std::isnan(y[0]));
  EXPECT_EQ(y[1], 0);
  EXPECT_NEAR(y[2], 0.6, 1e-15);
}

TEST(L2NormReference, NoTokenAtAll) {
  EXPECT_EQ(y_of(forward({0, 3, 2}, {}, {0, 0})).value.size(), 0u);
}

}  // namespace
}  // namespace packproof::reference
