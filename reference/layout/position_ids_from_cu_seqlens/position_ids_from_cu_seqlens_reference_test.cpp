// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

Values positions(Values cu_seqlens, Sizes sizes) {
  return value_of(run(position_ids_from_cu_seqlens_reference,
                      {.integers = {{"cu_seqlens", list(std::move(cu_seqlens))}},
                       .outputs = {{"position_ids", std::move(sizes)}}}),
                  "position_ids");
}

TEST(PositionIdsFromCuSeqlens, RestartsInEachSegmentAndMarksSlack) {
  EXPECT_EQ(positions({0, 0, 3, 3, 4}, {6}), (Values{0, 1, 2, 0, -1, -1}));
}

TEST(PositionIdsFromCuSeqlens, EveryComponentOfTextIsTheSame) {
  EXPECT_EQ(positions({0, 2}, {3, 3}), (Values{0, 1, -1, 0, 1, -1, 0, 1, -1}));
}

TEST(PositionIdsFromCuSeqlens, NoSegments) { EXPECT_EQ(positions({0}, {2}), (Values{-1, -1})); }

}  // namespace
}  // namespace packproof::reference
