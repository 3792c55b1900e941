// By hand.
#include "reference/sp/sp_split/sp_split_reference.h"

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

BitRows rows(std::initializer_list<std::uint64_t> values) {
  BitRows m(static_cast<Eigen::Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), m.data());
  return m;
}
const BitRows kRow = rows({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
const Integers kPadded = boundaries({0, 4, 4, 12});
// Two ranks: chunks of one row of segment 0, of two rows of segment 2.
const BitRows kZigzag = rows({0, 3, 4, 5, 10, 11, /* rank 1: */ 1, 2, 6, 7, 8, 9});

TEST(SpSplitReference, ZigzagTakesChunksFromBothEnds) {
  EXPECT_TRUE((sp_split(kRow, SpOrder::zigzag, kPadded, 2) == kZigzag).all());
}

TEST(SpSplitReference, ContiguousSharesFollowEachOther) {
  EXPECT_TRUE((sp_split(kRow, SpOrder::contiguous, kPadded, 3) == kRow).all());
}

TEST(SpSplitReference, BackwardGivesEveryRankTheWholeRow) {
  const BitRows dx = sp_split_backward(kZigzag, SpOrder::zigzag, kPadded, 2);
  ASSERT_EQ(dx.rows(), 24);
  EXPECT_TRUE((dx.topRows(12) == kRow).all());
  EXPECT_TRUE((dx.bottomRows(12) == kRow).all());
}

}  // namespace
}  // namespace packproof::reference
