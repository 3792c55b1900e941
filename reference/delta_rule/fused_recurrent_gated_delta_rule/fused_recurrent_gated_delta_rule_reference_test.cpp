// The reference against values computed by hand.
#include "reference/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_reference.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kLog2 = std::log(2.0);

// Four key channels, of which two are used, so that the scale is 1/2; one value channel. Segments
// of 2, 0 and 1 tokens, then a slack row; each has its own slot.
FusedRecurrentProblem small() {
  return {.key_dim = 4,
          .q = Matrix{{2, 0, 0, 0}, {1, 1, 0, 0}, {2, 2, 0, 0}, {kNaN, kNaN, kNaN, kNaN}},
          .k = Matrix{{1, 0, 0, 0}, {1, 1, 0, 0}, {0, 1, 0, 0}, {kNaN, kNaN, kNaN, kNaN}},
          .v = column({2, 4, 3, kNaN}),
          .g = column({0, -kLog2, -kLog2, kNaN}),
          .beta = column({0.5, 1, 0.5, kNaN}),
          .cu_seqlens = boundaries({0, 2, 2, 3}),
          .state = Matrix{{4, 2, 0, 0}, {7, 7, 7, 7}, {8, 2, 0, 0}},
          .slots = boundaries({0, 1, 2})};
}

TEST(FusedRecurrentReference, EachSegmentContinuesItsOwnState) {
  // (4, 2), which k reads as 4: half of 2 - 4 makes it (3, 2), o = 3. Then (1.5, 1), read as 2.5:
  // 4 - 2.5 makes it (3, 2.5), o = 2.75. The last segment: (4, 1), read as 1: (4, 2), o = 6.
  const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(small());
  EXPECT_TRUE(near(out.o.value, column({3, 2.75, 6, 0})));
  EXPECT_TRUE(near(out.state.value, Matrix{{3, 2.5, 0, 0}, {7, 7, 7, 7}, {4, 2, 0, 0}}));
}

TEST(FusedRecurrentReference, SlotsAreWhereTheIndicesSay) {
  FusedRecurrentProblem p = small();
  p.state = Matrix{{9, 9, 9, 9}, {8, 2, 0, 0}, {5, 5, 5, 5}, {4, 2, 0, 0}, {7, 7, 7, 7}};
  p.slots = boundaries({3, 4, 1});
  const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(p);
  EXPECT_TRUE(near(out.o.value, column({3, 2.75, 6, 0})));
  EXPECT_TRUE(near(out.state.value,
                   Matrix{{9, 9, 9, 9}, {4, 2, 0, 0}, {5, 5, 5, 5}, {3, 2.5, 0, 0}, {7, 7, 7, 7}}));
}

TEST(FusedRecurrentReference, ASegmentWithoutASlotIsZero) {
  FusedRecurrentProblem p = small();
  p.slots = boundaries({-1, 1, 2});
  const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(p);
  EXPECT_TRUE(near(out.o.value, column({0, 0, 6, 0})));
  EXPECT_TRUE(near(out.state.value, Matrix{{4, 2, 0, 0}, {7, 7, 7, 7}, {4, 2, 0, 0}}));
}

TEST(FusedRecurrentReference, ValueHeadsShareKeyHeadsAndHaveTheirOwnStates) {
  // Four value heads on two key heads; only key head 1 is read with q.
  const FusedRecurrentProblem p = {.key_heads = 2,
                                   .value_heads = 4,
                                   .q = row({0, 1}),
                                   .k = row({1, 2}),
                                   .v = row({1, 2, 3, 4}),
                                   .g = row({0, 0, -kLog2, 0}),
                                   .beta = row({1, 1, 1, 0}),
                                   .cu_seqlens = boundaries({0, 1}),
                                   .state = row({1, 0, 2, 5}),
                                   .slots = boundaries({0})};
  // Head 2: 1, read as 2, 3 - 2 written twice over: 3. Head 3 writes nothing.
  const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(p);
  EXPECT_TRUE(near(out.o.value, row({0, 0, 3, 5})));
  EXPECT_TRUE(near(out.state.value, row({1, 2, 3, 5})));
}

TEST(FusedRecurrentReference, NormalizesQAndK) {
  FusedRecurrentProblem p = {.key_dim = 4,
                             .q = row({3e3, 4e3, 0, 0}),
                             .k = row({0, 5e3, 0, 0}),
                             .v = row({10}),
                             .g = row({0}),
                             .beta = row({1}),
                             .cu_seqlens = boundaries({0, 1}),
                             .state = row({0, 0, 0, 0}),
                             .slots = boundaries({0}),
                             .normalize = true};
  EXPECT_NEAR(fused_recurrent_gated_delta_rule(p).o.value(0), 0.5 * 0.8 * 10, 1e-12);
  p.k = row({0, 0, 0, 0});
  EXPECT_EQ(fused_recurrent_gated_delta_rule(p).o.value(0), 0);
}

TEST(FusedRecurrentReference, TokenByTokenIsTheWhole) {
  FusedRecurrentProblem p = small();
  p.cu_seqlens = boundaries({0, 3});
  p.slots = boundaries({2});
  const FusedRecurrentOutputs whole = fused_recurrent_gated_delta_rule(p);
  for (std::int64_t t = 0; t < 3; ++t) {
    FusedRecurrentProblem step = p;
    step.q = p.q.row(t);
    step.k = p.k.row(t);
    step.v = p.v.row(t);
    step.g = p.g.row(t);
    step.beta = p.beta.row(t);
    step.cu_seqlens = boundaries({0, 1});
    const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(step);
    EXPECT_EQ(out.o.value(0), whole.o.value(t)) << t;
    p.state = out.state.value;
  }
  EXPECT_EQ(p.state, whole.state.value);
}

TEST(FusedRecurrentReference, MagnitudesAreThoseOfTheSums) {
  FusedRecurrentProblem p = small();
  p.q *= -1;
  const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(p);
  // The first segment: 4 and half of 2 + 4 make 7; then 3.5 + 4 + 2.5 and 1 + 6.5.
  EXPECT_TRUE(near(out.o.magnitude.topRows(2), column({7, 0.5 * (10 + 7.5)})));
  EXPECT_TRUE(near(out.state.magnitude.row(0), row({10, 7.5, 0, 0})));
  EXPECT_TRUE(near(out.state.magnitude.row(1), row({7, 7, 7, 7})));
}

TEST(FusedRecurrentReference, NoSegment) {
  FusedRecurrentProblem p = small();
  p.cu_seqlens = boundaries({0});
  p.slots = Integers(0);
  const FusedRecurrentOutputs out = fused_recurrent_gated_delta_rule(p);
  EXPECT_TRUE(near(out.o.value, column({0, 0, 0, 0})));
  EXPECT_EQ(out.state.value, p.state);
}

}  // namespace
}  // namespace packproof::reference
