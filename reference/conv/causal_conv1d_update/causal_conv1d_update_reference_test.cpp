// The reference against values computed by hand.
#include "reference/conv/causal_conv1d_update/causal_conv1d_update_reference.h"

#include <cmath>

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

// One channel, width 3: y[t] = 1 + 100 e[t - 2] + 10 e[t - 1] + e[t]. Segments of 1, 0 and 2
// tokens, then a slack row; each has its own slot.
CausalConv1dUpdateProblem small() {
  return {.x = column({3, 6, 7, 99}),
          .weight = row({100, 10, 1}),
          .bias = column({1}),
          .cu_seqlens = boundaries({0, 1, 1, 3}),
          .state = Matrix{{1, 2}, {8, 9}, {4, 5}},
          .slots = boundaries({0, 1, 2}),
          .silu = false};
}

TEST(CausalConv1dUpdateReference, EachSegmentContinuesItsOwnState) {
  EXPECT_EQ(causal_conv1d_update(small()).value, column({124, 457, 568, 0}));
}

TEST(CausalConv1dUpdateReference, TheStateMovesOnByTheNewTokens) {
  EXPECT_EQ(causal_conv1d_update_state(small()), (Matrix{{2, 3}, {8, 9}, {6, 7}}));
}

TEST(CausalConv1dUpdateReference, MoreTokensThanTheStateHolds) {
  CausalConv1dUpdateProblem p = small();
  p.cu_seqlens = boundaries({0, 3, 3, 3});
  EXPECT_EQ(causal_conv1d_update(p).value, column({124, 237, 368, 0}));
  EXPECT_EQ(causal_conv1d_update_state(p), (Matrix{{6, 7}, {8, 9}, {4, 5}}));
}

TEST(CausalConv1dUpdateReference, SlotsAreWhereTheIndicesSay) {
  CausalConv1dUpdateProblem p = small();
  p.state = Matrix{{4, 5}, {70, 71}, {8, 9}, {1, 2}};
  p.slots = boundaries({3, 2, 0});
  EXPECT_EQ(causal_conv1d_update(p).value, column({124, 457, 568, 0}));
  EXPECT_EQ(causal_conv1d_update_state(p), (Matrix{{6, 7}, {70, 71}, {8, 9}, {2, 3}}));
}

TEST(CausalConv1dUpdateReference, ASegmentWithoutASlotIsPadding) {
  CausalConv1dUpdateProblem p = small();
  p.slots = boundaries({0, 1, -1});
  EXPECT_EQ(causal_conv1d_update(p).value, column({124, 0, 0, 0}));
  EXPECT_EQ(causal_conv1d_update_state(p), (Matrix{{2, 3}, {8, 9}, {4, 5}}));
}

TEST(CausalConv1dUpdateReference, TheWindowSeesTheNewestOfALongerState) {
  CausalConv1dUpdateProblem p = small();
  p.state = Matrix{{50, 1, 2}, {60, 8, 9}, {70, 4, 5}};
  EXPECT_EQ(causal_conv1d_update(p).value, column({124, 457, 568, 0}));
  EXPECT_EQ(causal_conv1d_update_state(p), (Matrix{{1, 2, 3}, {60, 8, 9}, {5, 6, 7}}));
}

TEST(CausalConv1dUpdateReference, ChannelsHaveTheirOwnTapsAndStates) {
  const CausalConv1dUpdateProblem p = {.x = row({1, 2}),
                                       .weight = Matrix{{10, 1}, {-1, 2}},
                                       .bias = {},
                                       .cu_seqlens = boundaries({0, 1}),
                                       .state = row({5, 7}),
                                       .slots = boundaries({0}),
                                       .silu = false};
  EXPECT_EQ(causal_conv1d_update(p).value, row({51, -3}));
  EXPECT_EQ(causal_conv1d_update(p).magnitude, row({51, 11}));
  EXPECT_EQ(causal_conv1d_update_state(p), row({1, 2}));
}

TEST(CausalConv1dUpdateReference, Silu) {
  CausalConv1dUpdateProblem p = small();
  p.x = column({std::log(3.0) - 121, 0, 0, 0});  // sigmoid is 3/4
  p.silu = true;
  EXPECT_NEAR(causal_conv1d_update(p).value(0), 0.75 * std::log(3.0), 1e-13);
}

TEST(CausalConv1dUpdateReference, NoSegment) {
  CausalConv1dUpdateProblem p = small();
  p.cu_seqlens = boundaries({0});
  p.slots = Integers(0);
  EXPECT_EQ(causal_conv1d_update(p).value, column({0, 0, 0, 0}));
  EXPECT_EQ(causal_conv1d_update_state(p), p.state);
}

}  // namespace
}  // namespace packproof::reference
