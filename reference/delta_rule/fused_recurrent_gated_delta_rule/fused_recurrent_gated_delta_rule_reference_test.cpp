// The reference against values computed by hand.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLog2 = std::log(2.0);

// Four key channels, of which two are used, so that the scale is 1/2; one value channel. Segments
// of 2, 0 and 1 tokens, then a slack row; each has its own slot.
HandMadeCall small() {
  return {
      .fields = {{"l2norm", "no"}},
      .inputs = {{"q", {{4, 1, 4}, {2, 0, 0, 0, 1, 1, 0, 0, 2, 2, 0, 0, kNaN, kNaN, kNaN, kNaN}}},
                 {"k", {{4, 1, 4}, {1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, kNaN, kNaN, kNaN, kNaN}}},
                 {"v", {{4, 1, 1}, {2, 4, 3, kNaN}}},
                 {"g", {{4, 1}, {0, -kLog2, -kLog2, kNaN}}},
                 {"beta", {{4, 1}, {0.5, 1, 0.5, kNaN}}},
                 {"state", {{3, 1, 4, 1}, {4, 2, 0, 0, 7, 7, 7, 7, 8, 2, 0, 0}}}},
      .integers = {{"cu_seqlens", list({0, 2, 2, 3})}}};
}

ReferenceResult run(const HandMadeCall& call) {
  return run(fused_recurrent_gated_delta_rule_reference, call);
}

void expect(const HandMadeCall& call, const Values& o, const Values& state) {
  const ReferenceResult out = run(call);
  EXPECT_TRUE(near(value_of(out, "o"), o));
  EXPECT_TRUE(near(value_of(out, "updated_state"), state));
}

TEST(FusedRecurrentReference, EachSegmentContinuesItsOwnState) {
  // (4, 2), which k reads as 4: half of 2 - 4 makes it (3, 2), o = 3. Then (1.5, 1), read as 2.5:
  // 4 - 2.5 makes it (3, 2.5), o = 2.75. The last segment: (4, 1), read as 1: (4, 2), o = 6.
  expect(small(), {3, 2.75, 6, 0}, {3, 2.5, 0, 0, 7, 7, 7, 7, 4, 2, 0, 0});
}

TEST(FusedRecurrentReference, SlotsAreWhereTheIndicesSay) {
  HandMadeCall call = small();
  call.inputs["state"] = {{5, 1, 4, 1},
                          {9, 9, 9, 9, 8, 2, 0, 0, 5, 5, 5, 5, 4, 2, 0, 0, 7, 7, 7, 7}};
  call.integers["state_indices"] = list({3, 4, 1});
  expect(call, {3, 2.75, 6, 0}, {9, 9, 9, 9, 4, 2, 0, 0, 5, 5, 5, 5, 3, 2.5, 0, 0, 7, 7, 7, 7});
}

TEST(FusedRecurrentReference, ASegmentWithoutASlotIsZero) {
  HandMadeCall call = small();
  call.integers["state_indices"] = list({-1, 1, 2});
  expect(call, {0, 0, 6, 0}, {4, 2, 0, 0, 7, 7, 7, 7, 4, 2, 0, 0});
}

TEST(FusedRecurrentReference, ValueHeadsShareKeyHeadsAndHaveTheirOwnStates) {
  // Four value heads on two key heads; only key head 1 is read with q. Head 2: 1, read as 2, 3 - 2
  // written twice over: 3. Head 3 writes nothing.
  expect({.fields = {{"l2norm", "no"}},
          .inputs = {{"q", {{1, 2, 1}, {0, 1}}},
                     {"k", {{1, 2, 1}, {1, 2}}},
                     {"v", {{1, 4, 1}, {1, 2, 3, 4}}},
                     {"g", {{1, 4}, {0, 0, -kLog2, 0}}},
                     {"beta", {{1, 4}, {1, 1, 1, 0}}},
                     {"state", {{1, 4, 1, 1}, {1, 0, 2, 5}}}},
          .integers = {{"cu_seqlens", list({0, 1})}}},
         {0, 0, 3, 5}, {1, 2, 3, 5});
}

TEST(FusedRecurrentReference, NormalizesQAndK) {
  HandMadeCall call = {.fields = {{"l2norm", "inside"}},
                       .inputs = {{"q", {{1, 1, 4}, {3e3, 4e3, 0, 0}}},
                                  {"k", {{1, 1, 4}, {0, 5e3, 0, 0}}},
                                  {"v", {{1, 1, 1}, {10}}},
                                  {"g", {{1, 1}, {0}}},
                                  {"beta", {{1, 1}, {1}}},
                                  {"state", {{1, 1, 4, 1}, {0, 0, 0, 0}}}},
                       .integers = {{"cu_seqlens", list({0, 1})}}};
  EXPECT_NEAR(value_of(run(call), "o")[0], 0.5 * 0.8 * 10, 1e-12);
  call.inputs["k"].values = {0, 0, 0, 0};
  EXPECT_EQ(value_of(run(call), "o")[0], 0);
}

TEST(FusedRecurrentReference, TokenByTokenIsTheWhole) {
  HandMadeCall call = small();
  call.integers["cu_seqlens"] = list({0, 3});
  call.integers["state_indices"] = list({2});
  const ReferenceResult whole = run(call);
  const HandMadeCall all = call;
  call.integers["cu_seqlens"] = list({0, 1});
  for (std::int64_t t = 0; t < 3; ++t) {
    for (const char* name : {"q", "k", "v", "g", "beta"})
      call.inputs[name] = rows(all.inputs.at(name), t, t + 1);
    const ReferenceResult out = run(call);
    EXPECT_EQ(value_of(out, "o")[0], value_of(whole, "o")[static_cast<std::size_t>(t)]) << t;
    call.inputs["state"].values = value_of(out, "updated_state");
  }
  EXPECT_EQ(call.inputs["state"].values, value_of(whole, "updated_state"));
}

TEST(FusedRecurrentReference, MagnitudesAreThoseOfTheSums) {
  HandMadeCall call = small();
  call.inputs["q"].values = scaled(call.inputs["q"].values, -1);
  const ReferenceResult out = run(call);
  // The first segment: 4 and half of 2 + 4 make 7; then 3.5 + 4 + 2.5 and 1 + 6.5.
  Values o = magnitude_of(out, "o"), state = magnitude_of(out, "updated_state");
  o.resize(2);
  state.resize(8);
  EXPECT_TRUE(near(o, {7, 0.5 * (10 + 7.5)}));
  EXPECT_TRUE(near(state, {10, 7.5, 0, 0, 7, 7, 7, 7}));
}

TEST(FusedRecurrentReference, NoSegment) {
  HandMadeCall call = small();
  call.integers["cu_seqlens"] = list({0});
  const ReferenceResult out = run(call);
  EXPECT_EQ(value_of(out, "o"), Values(4));
  EXPECT_EQ(value_of(out, "updated_state"), call.inputs["state"].values);
}

}  // namespace
}  // namespace packproof::reference
