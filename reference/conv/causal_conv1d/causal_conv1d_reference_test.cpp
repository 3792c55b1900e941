// The reference against values computed by hand.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kLog3 = std::log(3.0);  // where sigmoid is 3/4

// One channel, width 2: y[t] = 1 + 2 x[t - 1] + 3 x[t].
HandMadeCall small() {
  return {.fields = {{"activation", "none"}},
          .inputs = {{"x", {{5, 1}, {1, 10, 100, 5, 7}}},
                     {"weight", {{1, 2}, {2, 3}}},
                     {"bias", {{1}, {1}}}},
          .integers = {{"cu_seqlens", list({0, 3, 3, 4})}},
          .outputs = {{"y", {5, 1}}}};
}

HandMadeCall small_backward(Values dy) {
  HandMadeCall call = small();
  call.direction = Direction::bwd;
  call.inputs["dy"] = {{5, 1}, std::move(dy)};
  call.outputs = {{"dx", {}}, {"dweight", {}}, {"dbias", {}}};
  return call;
}

// One channel, no taps on neighbours: u = x.
HandMadeCall activation_of(double u) {
  return {.fields = {{"activation", "silu"}},
          .inputs = {{"x", {{1, 1}, {u}}}, {"weight", {{1, 2}, {0, 1}}}},
          .integers = {{"cu_seqlens", list({0, 1})}},
          .outputs = {{"y", {1, 1}}}};
}

HandMadeCall with_gradient(HandMadeCall call, double dy) {
  call.direction = Direction::bwd;
  call.inputs["dy"] = {{1, 1}, {dy}};
  call.outputs = {{"dx", {}}, {"dbias", {}}};
  return call;
}

ReferenceResult run(const HandMadeCall& call) { return run(causal_conv1d_reference, call); }
double silu(double u) { return value_of(run(activation_of(u)), "y")[0]; }
double slope(double u, double dy) {
  return value_of(run(with_gradient(activation_of(u), dy)), "dx")[0];
}

TEST(CausalConv1dReference, TheWindowStopsAtEachBoundary) {
  EXPECT_EQ(value_of(run(small()), "y"), (Values{4, 33, 321, 16, 0}));
}

TEST(CausalConv1dReference, TheInitialStateStandsBeforeItsSegment) {
  HandMadeCall call = small();
  call.inputs["initial_state"] = {{3, 1, 1}, {7, 1000, -1}};
  EXPECT_EQ(value_of(run(call), "y"), (Values{18, 33, 321, 14, 0}));
}

TEST(CausalConv1dReference, WithoutBias) {
  HandMadeCall call = small();
  call.inputs.erase("bias");
  EXPECT_EQ(value_of(run(call), "y"), (Values{3, 32, 320, 15, 0}));
}

TEST(CausalConv1dReference, ChannelsHaveTheirOwnTaps) {
  const HandMadeCall call = {
      .fields = {{"activation", "none"}},
      .inputs = {{"x", {{3, 2}, {1, 2, 3, 4, 5, 6}}}, {"weight", {{2, 3}, {1, 10, 100, -1, 0, 2}}}},
      .integers = {{"cu_seqlens", list({0, 3})}},
      .outputs = {{"y", {3, 2}}}};
  EXPECT_EQ(value_of(run(call), "y"), (Values{100, 4, 310, 8, 531, 10}));
}

TEST(CausalConv1dReference, TheFinalStateIsTheLastRowsOldestFirst) {
  HandMadeCall call = {
      .fields = {{"activation", "none"}},
      .inputs = {{"x", {{4, 2}, {1, -1, 2, -2, 3, -3, 4, -4}}}, {"weight", {{2, 3}, Values(6)}}},
      .integers = {{"cu_seqlens", list({0, 3, 3, 4})}},
      .outputs = {{"y", {4, 2}}, {"final_state", {3, 2, 2}}}};
  EXPECT_EQ(value_of(run(call), "final_state"), (Values{2, 3, -2, -3, 0, 0, 0, 0, 0, 4, 0, -4}));
  call.inputs["initial_state"] = {{3, 2, 2}, {10, 11, 12, 13, 20, 21, 22, 23, 30, 31, 32, 33}};
  EXPECT_EQ(value_of(run(call), "final_state"),
            (Values{2, 3, -2, -3, 20, 21, 22, 23, 31, 4, 33, -4}));
}

TEST(CausalConv1dReference, Silu) {
  EXPECT_EQ(silu(0), 0);
  EXPECT_NEAR(silu(kLog3), 0.75 * kLog3, 1e-15);
  EXPECT_NEAR(silu(-kLog3), -0.25 * kLog3, 1e-15);
  EXPECT_EQ(silu(kInfinity), kInfinity);
  EXPECT_TRUE(std::isnan(silu(-kInfinity)));
}

TEST(CausalConv1dReference, BackwardOfSilu) {
  EXPECT_EQ(slope(0, 2), 1);
  EXPECT_NEAR(slope(kLog3, 2), 2 * 0.75 * (1 + 0.25 * kLog3), 1e-15);
}

TEST(CausalConv1dReference, Backward) {
  HandMadeCall call = small_backward({1, 10, 100, 1000, 5});
  call.inputs["initial_state"] = {{3, 1, 1}, {7, 1000, -1}};
  call.outputs["dinitial_state"] = {};
  const ReferenceResult d = run(call);
  EXPECT_EQ(value_of(d, "dx"), (Values{3 + 20, 30 + 200, 300, 3000, 0}));
  EXPECT_EQ(value_of(d, "dinitial_state"), (Values{2, 0, 2000}));
  EXPECT_EQ(value_of(d, "dbias"), (Values{1111}));
  EXPECT_EQ(value_of(d, "dweight"), (Values{7 + 10 + 1000 - 1000, 1 + 100 + 10000 + 5000}));
}

TEST(CausalConv1dReference, TheFinalStateHandsItsGradientToTheRowsThatItCopies) {
  const ReferenceResult d =
      run({.direction = Direction::bwd,
           .fields = {{"activation", "none"}},
           .inputs = {{"x", {{4, 1}, {1, 2, 3, 4}}},
                      {"weight", {{1, 3}, {0, 0, 0}}},
                      {"dy", {{4, 1}, {0, 0, 0, 0}}},
                      {"dfinal_state", {{3, 1, 2}, {10, 20, 30, 40, 50, 60}}}},
           .integers = {{"cu_seqlens", list({0, 3, 3, 4})}},
           .outputs = {{"dx", {}}, {"dinitial_state", {}}}});
  EXPECT_EQ(value_of(d, "dx"), (Values{0, 10, 20, 60}));
  EXPECT_EQ(value_of(d, "dinitial_state"), (Values{0, 0, 30, 40, 0, 50}));
}

TEST(CausalConv1dReference, MagnitudesAreSumsOfTerms) {
  HandMadeCall call = small();
  call.inputs["weight"].values = {-2, 3};
  EXPECT_EQ(magnitude_of(run(call), "y"), (Values{4, 33, 321, 16, 0}));
  HandMadeCall backward = small_backward({1, -10, 100, 1000, 5});
  backward.inputs["weight"].values = {-2, 3};
  const ReferenceResult d = run(backward);
  EXPECT_EQ(magnitude_of(d, "dx"), (Values{23, 230, 300, 3000, 0}));
  EXPECT_EQ(magnitude_of(d, "dbias"), (Values{1111}));
  EXPECT_EQ(magnitude_of(d, "dweight"), (Values{1010, 15101}));
}

// fp32 arithmetic as kernels do it, at every size of u: c = 4 of the bound holds for the
// activation.
TEST(CausalConv1dReference, MagnitudesBoundTheActivationInFp32) {
  constexpr double kBound = 4 * 0x1p-24;
  const auto error = [](float got, const ReferenceTensor& want) {
    return std::abs(static_cast<double>(got) - want.value[0]) / want.magnitude[0];
  };
  for (double exact = -200; exact <= 200; exact += 0.37) {
    const auto u = static_cast<float>(exact);
    const HandMadeCall call = activation_of(static_cast<double>(u));
    EXPECT_LE(error(u / (1.0f + std::exp(-u)), tensor_of(run(call), "y")), kBound) << u;
    const float s = 1.0f / (1.0f + std::exp(-u));
    EXPECT_LE(error(s * (1.0f + u * (1.0f - s)), tensor_of(run(with_gradient(call, 1)), "dx")),
              kBound)
        << u;
  }
}

// An error of u that its rounding makes stays within the bounds of what is computed from u.
TEST(CausalConv1dReference, MagnitudesPassOnErrorsOfThePreactivation) {
  const auto check = [](const ReferenceTensor& off, const ReferenceTensor& right) {
    EXPECT_LE(std::abs(off.value[0] - right.value[0]), 0x1p-24 * right.magnitude[0]);
  };
  for (const double size : {1.0, 100.0, 1e4, 1e6, 1e8}) {
    for (double target = -30; target <= 30; target += 0.7) {
      HandMadeCall call = activation_of(1);
      call.inputs["bias"] = {{1}, {size}};
      call.inputs["weight"].values[1] = target - size;  // cancels down to the target
      HandMadeCall off = call;
      off.inputs["bias"].values[0] += 0x1p-24 * size;
      check(tensor_of(run(off), "y"), tensor_of(run(call), "y"));
      check(tensor_of(run(with_gradient(off, 1)), "dbias"),
            tensor_of(run(with_gradient(call, 1)), "dbias"));
    }
  }
}

TEST(CausalConv1dReference, NoSegmentAndNoToken) {
  HandMadeCall call = small();
  call.integers["cu_seqlens"] = list({0});
  call.outputs["final_state"] = {0, 1, 1};
  EXPECT_EQ(value_of(run(call), "y"), Values(5));
  EXPECT_EQ(value_of(run(call), "final_state").size(), 0u);
  HandMadeCall backward = small_backward(call.inputs["x"].values);
  backward.integers = call.integers;
  EXPECT_EQ(value_of(run(backward), "dweight"), (Values{0, 0}));
}

}  // namespace
}  // namespace packproof::reference
