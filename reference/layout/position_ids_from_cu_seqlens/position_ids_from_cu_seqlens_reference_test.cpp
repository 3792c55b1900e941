// By hand.
#include "reference/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_reference.h"

#include <vector>

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

using V = std::vector<std::int64_t>;

Integers of(const V& values) {
  return Eigen::Map<const Integers>(values.data(), std::ssize(values));
}
V list(const Integers& values) { return {values.data(), values.data() + values.size()}; }

TEST(PositionIdsFromCuSeqlens, RestartsInEachSegmentAndMarksSlack) {
  EXPECT_EQ(list(position_ids_from_cu_seqlens(of({0, 0, 3, 3, 4}), 1, 6)), (V{0, 1, 2, 0, -1, -1}));
}

TEST(PositionIdsFromCuSeqlens, EveryComponentOfTextIsTheSame) {
  EXPECT_EQ(list(position_ids_from_cu_seqlens(of({0, 2}), 3, 3)),
            (V{0, 1, -1, 0, 1, -1, 0, 1, -1}));
}

TEST(PositionIdsFromCuSeqlens, NoSegments) {
  EXPECT_EQ(list(position_ids_from_cu_seqlens(of({0}), 1, 2)), (V{-1, -1}));
}

}  // namespace
}  // namespace packproof::reference
