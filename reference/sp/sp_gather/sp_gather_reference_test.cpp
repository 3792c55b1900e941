// By hand.
#include "reference/sp/sp_gather/sp_gather_reference.h"

#include <gtest/gtest.h>

#include "reference/testing/hand_made_matrices.h"

namespace packproof::reference {
namespace {

BitRows rows(std::initializer_list<std::uint64_t> values) {
  BitRows m(static_cast<Eigen::Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), m.data());
  return m;
}

// Segments of three and one tokens, each padded to four rows; 90 and above are pads.
const SpGatherProblem kZigzag = {.order = SpOrder::zigzag,
                                 .world = 2,
                                 .cu_seqlens = boundaries({0, 3, 4}),
                                 .padded = boundaries({0, 4, 8})};
const BitRows kShares = rows({1, 90, 4, 91, /* rank 1: */ 2, 3, 92, 93});

TEST(SpGatherReference, PadsAreGoneOnEveryRank) {
  EXPECT_TRUE((sp_gather(kShares, kZigzag, 5) == rows({1, 2, 3, 4, 0, 1, 2, 3, 4, 0})).all());
}

TEST(SpGatherReference, BackwardTakesEachRanksOwnCopy) {
  const BitRows dy = rows({11, 12, 13, 14, 99, 21, 22, 23, 24, 99});
  EXPECT_TRUE((sp_gather_backward(dy, kZigzag, 8) == rows({11, 0, 14, 0, 22, 23, 0, 0})).all());
}

TEST(SpGatherReference, ContiguousPadsAreBehindTheLastToken) {
  const SpGatherProblem contiguous = {.order = SpOrder::contiguous,
                                      .world = 2,
                                      .cu_seqlens = boundaries({0, 2, 3}),
                                      .padded = boundaries({0, 2, 3, 4})};
  EXPECT_TRUE((sp_gather(rows({1, 2, 3, 90}), contiguous, 3) == rows({1, 2, 3, 1, 2, 3})).all());
}

}  // namespace
}  // namespace packproof::reference
