// The reference against values computed by hand.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLog2 = std::log(2.0), kLog3 = std::log(3.0);

// Two heads, of rates 2 and 1 and biases 1 and 0; the last row is slack. sigmoid(log 3) is 3/4,
// softplus(log 3) is log 4.
HandMadeCall small() {
  return {.inputs = {{"a", {{3, 2}, {-1, kLog3, kLog3 - 1, -kLog3, kNaN, kInfinity}}},
                     {"b", {{3, 2}, {0, kLog3, -kLog3, 0, kNaN, kNaN}}},
                     {"A_log", {{2}, {kLog2, 0}}},
                     {"dt_bias", {{2}, {1, 0}}}},
          .integers = {{"cu_seqlens", list({0, 0, 1, 2})}}};
}

// One head and token.
HandMadeCall gate_of(double v) {
  return {.inputs = {{"a", {{1, 1}, {v}}},
                     {"b", {{1, 1}, {v}}},
                     {"A_log", {{1}, {0}}},
                     {"dt_bias", {{1}, {0}}}},
          .integers = {{"cu_seqlens", list({0, 1})}}};
}

ReferenceResult run(const HandMadeCall& call) { return run(gdn_gating_reference, call); }
ReferenceResult backward(HandMadeCall call, Values dg, Values dbeta) {
  call.direction = Direction::bwd;
  call.inputs["dg"] = {call.inputs["a"].sizes, std::move(dg)};
  call.inputs["dbeta"] = {call.inputs["a"].sizes, std::move(dbeta)};
  return run(call);
}
double g_of(double v) { return value_of(run(gate_of(v)), "g")[0]; }
double beta_of(double v) { return value_of(run(gate_of(v)), "beta")[0]; }

TEST(GdnGatingReference, Gates) {
  const ReferenceResult gates = run(small());
  EXPECT_TRUE(
      near(value_of(gates, "g"), {-2 * kLog2, -2 * kLog2, -4 * kLog2, -std::log(4.0 / 3), 0, 0}));
  EXPECT_TRUE(near(value_of(gates, "beta"), {0.5, 0.75, 0.25, 0.5, 0, 0}));
}

TEST(GdnGatingReference, Backward) {
  const ReferenceResult d =
      backward(small(), {1, 10, 100, 1000, kNaN, kNaN}, {4, 16, 32, 8, kNaN, kNaN});
  EXPECT_TRUE(near(value_of(d, "da"), {-1, -7.5, -150, -250, 0, 0}));
  EXPECT_TRUE(near(value_of(d, "db"), {1, 3, 6, 2, 0, 0}));
  EXPECT_TRUE(near(value_of(d, "ddt_bias"), {-151, -257.5}));
  EXPECT_TRUE(near(value_of(d, "dA_log"),
                   {-2 * kLog2 - 400 * kLog2, -20 * kLog2 - 1000 * std::log(4.0 / 3)}));
}

TEST(GdnGatingReference, FarEndsNeitherOverflowNorVanish) {
  EXPECT_EQ(g_of(800), -800);
  EXPECT_EQ(beta_of(800), 1);
  EXPECT_NEAR(g_of(-100) / -std::exp(-100.0), 1, 1e-15);
  EXPECT_NEAR(beta_of(-100) / std::exp(-100.0), 1, 1e-15);
  const ReferenceResult d = backward(gate_of(100), {1}, {1});
  EXPECT_NEAR(value_of(d, "db")[0] / std::exp(-100.0), 1, 1e-15);
  EXPECT_EQ(value_of(d, "da")[0], -1);
}

TEST(GdnGatingReference, InfinitiesAreTheEnds) {
  EXPECT_EQ(g_of(kInfinity), -kInfinity);
  EXPECT_EQ(g_of(-kInfinity), 0);
  EXPECT_EQ(beta_of(kInfinity), 1);
  EXPECT_EQ(beta_of(-kInfinity), 0);
  EXPECT_TRUE(std::isnan(g_of(kNaN)));
}

// fp32 arithmetic as kernels do it, at every size: c = 16 of the bound holds.
TEST(GdnGatingReference, MagnitudesBoundFp32) {
  const auto expect_within = [](float got, const ReferenceTensor& want) {
    EXPECT_LE(std::abs(static_cast<double>(got) - want.value[0]), 16 * 0x1p-24 * want.magnitude[0]);
  };
  for (double exact = -104; exact <= 100; exact += 0.37) {
    const auto v = static_cast<float>(exact);
    SCOPED_TRACE(v);
    const ReferenceResult gates = run(gate_of(static_cast<double>(v)));
    const float small = std::exp(-std::abs(v)), sum = std::max(v, 0.0f) + std::log1p(small);
    expect_within(-sum, tensor_of(gates, "g"));
    expect_within(v < 0 ? small / (1 + small) : 1 / (1 + small), tensor_of(gates, "beta"));
  }
}

TEST(GdnGatingReference, MagnitudesAreSumsOfTerms) {
  const Values dg = {1, -10, -100, 1000, kNaN, kNaN};
  const ReferenceResult d = backward(small(), dg, dg);
  const Values& da = magnitude_of(d, "da");
  EXPECT_TRUE(near(magnitude_of(d, "ddt_bias"), {da[0] + da[2], da[1] + da[3]}));
  // 2 softplus(0) = 2 log 2, to which v = 0 adds nothing; 2 (log 4 + 3/4 log 3).
  EXPECT_NEAR(magnitude_of(d, "dA_log")[0], 2 * kLog2 + 200 * (2 * kLog2 + 0.75 * kLog3), 1e-10);
}

TEST(GdnGatingReference, NoTokenAtAll) {
  HandMadeCall call = small();
  call.integers["cu_seqlens"] = list({0, 0});
  EXPECT_EQ(value_of(run(call), "g"), Values(6));
  const Values& a = call.inputs["a"].values;
  EXPECT_EQ(value_of(backward(call, a, a), "dA_log"), (Values{0, 0}));
}

}  // namespace
}  // namespace packproof::reference
