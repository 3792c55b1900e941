// The reference against values computed by hand.
#include "reference/delta_rule/gdn_gating/gdn_gating_reference.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLog2 = std::log(2.0), kLog3 = std::log(3.0);

// Two heads, of rates 2 and 1 and biases 1 and 0; the last row is slack. sigmoid(log 3) is 3/4,
// softplus(log 3) is log 4.
GdnGatingProblem small() {
  return {.a = Matrix{{-1, kLog3}, {kLog3 - 1, -kLog3}, {kNaN, kInfinity}},
          .b = Matrix{{0, kLog3}, {-kLog3, 0}, {kNaN, kNaN}},
          .A_log = column({kLog2, 0}),
          .dt_bias = column({1, 0}),
          .cu_seqlens = boundaries({0, 0, 1, 2})};
}

// One head and token.
GdnGatingProblem gate_of(double v) {
  return {.a = row({v}),
          .b = row({v}),
          .A_log = column({0}),
          .dt_bias = column({0}),
          .cu_seqlens = boundaries({0, 1})};
}

TEST(GdnGatingReference, Gates) {
  const GdnGates gates = gdn_gating(small());
  EXPECT_TRUE(near(gates.g.value,
                   Matrix{{-2 * kLog2, -2 * kLog2}, {-4 * kLog2, -std::log(4.0 / 3)}, {0, 0}}));
  EXPECT_TRUE(near(gates.beta.value, Matrix{{0.5, 0.75}, {0.25, 0.5}, {0, 0}}));
}

TEST(GdnGatingReference, Backward) {
  const Matrix dg = Matrix{{1, 10}, {100, 1000}, {kNaN, kNaN}};
  const Matrix dbeta = Matrix{{4, 16}, {32, 8}, {kNaN, kNaN}};
  const GdnGatingGradients d = gdn_gating_backward(small(), dg, dbeta);
  EXPECT_TRUE(near(d.a.value, Matrix{{-1, -7.5}, {-150, -250}, {0, 0}}));
  EXPECT_TRUE(near(d.b.value, Matrix{{1, 3}, {6, 2}, {0, 0}}));
  EXPECT_TRUE(near(d.dt_bias.value, column({-151, -257.5})));
  EXPECT_TRUE(near(d.A_log.value,
                   column({-2 * kLog2 - 400 * kLog2, -20 * kLog2 - 1000 * std::log(4.0 / 3)})));
}

TEST(GdnGatingReference, FarEndsNeitherOverflowNorVanish) {
  EXPECT_EQ(gdn_gating(gate_of(800)).g.value(0), -800);
  EXPECT_EQ(gdn_gating(gate_of(800)).beta.value(0), 1);
  EXPECT_NEAR(gdn_gating(gate_of(-100)).g.value(0) / -std::exp(-100.0), 1, 1e-15);
  EXPECT_NEAR(gdn_gating(gate_of(-100)).beta.value(0) / std::exp(-100.0), 1, 1e-15);
  const GdnGatingGradients d = gdn_gating_backward(gate_of(100), row({1}), row({1}));
  EXPECT_NEAR(d.b.value(0) / std::exp(-100.0), 1, 1e-15);
  EXPECT_EQ(d.a.value(0), -1);
}

TEST(GdnGatingReference, InfinitiesAreTheEnds) {
  EXPECT_EQ(gdn_gating(gate_of(kInfinity)).g.value(0), -kInfinity);
  EXPECT_EQ(gdn_gating(gate_of(-kInfinity)).g.value(0), 0);
  EXPECT_EQ(gdn_gating(gate_of(kInfinity)).beta.value(0), 1);
  EXPECT_EQ(gdn_gating(gate_of(-kInfinity)).beta.value(0), 0);
  EXPECT_TRUE(std::isnan(gdn_gating(gate_of(kNaN)).g.value(0)));
}

// fp32 arithmetic as kernels do it, at every size: c = 16 of the bound holds.
TEST(GdnGatingReference, MagnitudesBoundFp32) {
  constexpr double kBound = 16 * 0x1p-24;
  for (double exact = -104; exact <= 100; exact += 0.37) {
    const auto v = static_cast<float>(exact);
    const GdnGates gates = gdn_gating(gate_of(static_cast<double>(v)));
    const float small = std::exp(-std::abs(v)), sum = std::max(v, 0.0f) + std::log1p(small);
    const float beta = v < 0 ? small / (1 + small) : 1 / (1 + small);
    EXPECT_LE(std::abs(static_cast<double>(-sum) - gates.g.value(0)), kBound * gates.g.magnitude(0))
        << v;
    EXPECT_LE(std::abs(static_cast<double>(beta) - gates.beta.value(0)),
              kBound * gates.beta.magnitude(0))
        << v;
  }
}

TEST(GdnGatingReference, MagnitudesAreSumsOfTerms) {
  const Matrix dg = Matrix{{1, -10}, {-100, 1000}, {kNaN, kNaN}};
  const GdnGatingGradients d = gdn_gating_backward(small(), dg, dg);
  EXPECT_TRUE(near(d.dt_bias.magnitude, column({d.a.magnitude(0, 0) + d.a.magnitude(1, 0),
                                                d.a.magnitude(0, 1) + d.a.magnitude(1, 1)})));
  // 2 softplus(0) = 2 log 2, to which v = 0 adds nothing; 2 (log 4 + 3/4 log 3).
  EXPECT_NEAR(d.A_log.magnitude(0), 2 * kLog2 + 200 * (2 * kLog2 + 0.75 * kLog3), 1e-10);
}

TEST(GdnGatingReference, NoTokenAtAll) {
  GdnGatingProblem p = small();
  p.cu_seqlens = boundaries({0, 0});
  EXPECT_EQ(gdn_gating(p).g.value, Matrix::Zero(3, 2));
  EXPECT_EQ(gdn_gating_backward(p, p.a, p.a).A_log.value, column({0, 0}));
}

}  // namespace
}  // namespace packproof::reference
