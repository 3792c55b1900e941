// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

HandMadeCall labelled(Values labels, Values cu_seqlens) {
  return {.integers = {{"labels", list(std::move(labels))},
                       {"cu_seqlens", list(std::move(cu_seqlens))}}};
}
Values shifted(const HandMadeCall& call) {
  return value_of(run(shift_labels_reference, call), "shifted");
}

TEST(ShiftLabelsReference, NeverTakesTheNextSegmentsFirst) {
  // The last is slack.
  EXPECT_EQ(shifted(labelled({1, 2, 3, 4, 5, 6}, {0, 3, 3, 5})),
            (Values{2, 3, -100, 5, -100, -100}));
}

TEST(ShiftLabelsReference, APromptsLastTokenLearns) {
  EXPECT_EQ(shifted(labelled({-100, -100, 7}, {0, 3})), (Values{-100, 7, -100}));
}

TEST(ShiftLabelsReference, APadIsNotPredictedAndPredictsNothing) {
  HandMadeCall call = labelled({1, 2, 3, 4}, {0, 4});
  call.integers["position_ids"] = list({0, 1, -1, -1});
  EXPECT_EQ(shifted(call), (Values{2, -100, -100, -100}));
}

}  // namespace
}  // namespace packproof::reference
