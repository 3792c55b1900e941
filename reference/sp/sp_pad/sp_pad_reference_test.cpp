// By hand.
#include "reference/sp/sp_pad/sp_pad_reference.h"

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

BitRows rows(std::initializer_list<std::uint64_t> values) {
  BitRows m(static_cast<Eigen::Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), m.data());
  return m;
}
const Integers kTokens = boundaries({0, 3, 3, 4});

TEST(SpPadReference, ContiguousPadsAreOneSegmentBehindTheTokens) {
  EXPECT_TRUE(
      (sp_padded_cu_seqlens(kTokens, SpOrder::contiguous, 3) == boundaries({0, 3, 3, 4, 6})).all());
  EXPECT_TRUE(
      (sp_padded_cu_seqlens(kTokens, SpOrder::contiguous, 2) == boundaries({0, 3, 3, 4, 4})).all());
}

TEST(SpPadReference, ZigzagPadsEachSegmentButEmptyOnes) {
  EXPECT_TRUE(
      (sp_padded_cu_seqlens(kTokens, SpOrder::zigzag, 2) == boundaries({0, 4, 4, 8})).all());
}

TEST(SpPadReference, PadsAndSlackLookAlikeAndBackwardDropsThem) {
  const Integers padded = boundaries({0, 4, 4, 8});
  EXPECT_TRUE(
      (sp_pad(rows({1, 2, 3, 4, 99}), kTokens, padded, 9, 7) == rows({1, 2, 3, 7, 4, 7, 7, 7, 7}))
          .all());
  EXPECT_TRUE((sp_pad_backward(rows({1, 2, 3, 90, 4, 91, 92, 93, 94}), kTokens, padded, 5) ==
               rows({1, 2, 3, 4, 0}))
                  .all());
}

}  // namespace
}  // namespace packproof::reference
