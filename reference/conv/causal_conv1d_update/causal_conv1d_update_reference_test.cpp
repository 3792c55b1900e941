// The reference against values computed by hand.
#include <cmath>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

// One channel, width 3: y[t] = 1 + 100 e[t - 2] + 10 e[t - 1] + e[t]. Segments of 1, 0 and 2
// tokens, then a slack row; each has its own slot.
HandMadeCall small() {
  return {.fields = {{"activation", "none"}},
          .inputs = {{"x", {{4, 1}, {3, 6, 7, 99}}},
                     {"weight", {{1, 3}, {100, 10, 1}}},
                     {"bias", {{1}, {1}}},
                     {"conv_state", {{3, 1, 2}, {1, 2, 8, 9, 4, 5}}}},
          .integers = {{"cu_seqlens", list({0, 1, 1, 3})}}};
}

void expect(const HandMadeCall& call, const Values& y, const Values& state) {
  const ReferenceResult out = run(causal_conv1d_update_reference, call);
  EXPECT_EQ(value_of(out, "y"), y);
  EXPECT_EQ(value_of(out, "updated_state"), state);
}

TEST(CausalConv1dUpdateReference, EachSegmentContinuesItsOwnStateWhichMovesOn) {
  expect(small(), {124, 457, 568, 0}, {2, 3, 8, 9, 6, 7});
}

TEST(CausalConv1dUpdateReference, IndicesInOrderAreTheSame) {
  HandMadeCall call = small();
  call.integers["conv_state_indices"] = list({0, 1, 2});
  expect(call, {124, 457, 568, 0}, {2, 3, 8, 9, 6, 7});
}

TEST(CausalConv1dUpdateReference, MoreTokensThanTheStateHolds) {
  HandMadeCall call = small();
  call.integers["cu_seqlens"] = list({0, 3, 3, 3});
  expect(call, {124, 237, 368, 0}, {6, 7, 8, 9, 4, 5});
}

TEST(CausalConv1dUpdateReference, SlotsAreWhereTheIndicesSay) {
  HandMadeCall call = small();
  call.inputs["conv_state"] = {{4, 1, 2}, {4, 5, 70, 71, 8, 9, 1, 2}};
  call.integers["conv_state_indices"] = list({3, 2, 0});
  expect(call, {124, 457, 568, 0}, {6, 7, 70, 71, 8, 9, 2, 3});
}

TEST(CausalConv1dUpdateReference, ASegmentWithoutASlotIsPadding) {
  HandMadeCall call = small();
  call.integers["conv_state_indices"] = list({0, 1, -1});
  expect(call, {124, 0, 0, 0}, {2, 3, 8, 9, 4, 5});
}

TEST(CausalConv1dUpdateReference, TheWindowSeesTheNewestOfALongerState) {
  HandMadeCall call = small();
  call.inputs["conv_state"] = {{3, 1, 3}, {50, 1, 2, 60, 8, 9, 70, 4, 5}};
  expect(call, {124, 457, 568, 0}, {1, 2, 3, 60, 8, 9, 5, 6, 7});
}

TEST(CausalConv1dUpdateReference, ChannelsHaveTheirOwnTapsAndStates) {
  const HandMadeCall call = {.fields = {{"activation", "none"}},
                             .inputs = {{"x", {{1, 2}, {1, 2}}},
                                        {"weight", {{2, 2}, {10, 1, -1, 2}}},
                                        {"conv_state", {{1, 2, 1}, {5, 7}}}},
                             .integers = {{"cu_seqlens", list({0, 1})}}};
  expect(call, {51, -3}, {1, 2});
  EXPECT_EQ(magnitude_of(run(causal_conv1d_update_reference, call), "y"), (Values{51, 11}));
}

TEST(CausalConv1dUpdateReference, Silu) {
  HandMadeCall call = small();
  call.inputs["x"].values = {std::log(3.0) - 121, 0, 0, 0};  // sigmoid is 3/4
  call.fields["activation"] = "silu";
  EXPECT_NEAR(value_of(run(causal_conv1d_update_reference, call), "y")[0], 0.75 * std::log(3.0),
              1e-13);
}

TEST(CausalConv1dUpdateReference, NoSegment) {
  HandMadeCall call = small();
  call.integers["cu_seqlens"] = list({0});
  expect(call, {0, 0, 0, 0}, call.inputs["conv_state"].values);
}

}  // namespace
}  // namespace packproof::reference
