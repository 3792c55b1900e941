// By hand.
#include "reference/layout/sequence_index/sequence_index_reference.h"

#include <vector>

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

using V = std::vector<std::int64_t>;

Integers of(const V& values) {
  return Eigen::Map<const Integers>(values.data(), std::ssize(values));
}
V list(const Integers& values) { return {values.data(), values.data() + values.size()}; }

TEST(SequenceIndex, EmptySegmentsOwnNoTokenAndSlackIsMinusOne) {
  EXPECT_EQ(list(sequence_index(of({0, 0, 2, 2, 3}), 5)), (V{1, 1, 3, -1, -1}));
}

TEST(SequenceIndex, NoSegmentsAndNoTokens) {
  EXPECT_EQ(list(sequence_index(of({0}), 2)), (V{-1, -1}));
  EXPECT_EQ(list(sequence_index(of({0, 0}), 0)), (V{}));
}

}  // namespace
}  // namespace packproof::reference
