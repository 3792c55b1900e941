// By hand.
#include "reference/layout/shift_labels/shift_labels_reference.h"

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

TEST(ShiftLabelsReference, NeverTakesTheNextSegmentsFirst) {
  const Integers labels = boundaries({1, 2, 3, 4, 5, 6});  // the last is slack
  EXPECT_TRUE((shift_labels(labels, {}, boundaries({0, 3, 3, 5})) ==
               boundaries({2, 3, -100, 5, -100, -100}))
                  .all());
}

TEST(ShiftLabelsReference, APromptsLastTokenLearns) {
  EXPECT_TRUE((shift_labels(boundaries({-100, -100, 7}), {}, boundaries({0, 3})) ==
               boundaries({-100, 7, -100}))
                  .all());
}

TEST(ShiftLabelsReference, APadIsNotPredictedAndPredictsNothing) {
  EXPECT_TRUE((shift_labels(boundaries({1, 2, 3, 4}), boundaries({0, 1, -1, -1}),
                            boundaries({0, 4})) == boundaries({2, -100, -100, -100}))
                  .all());
}

}  // namespace
}  // namespace packproof::reference
