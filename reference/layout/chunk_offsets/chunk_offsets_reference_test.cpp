// By hand.
#include "reference/layout/chunk_offsets/chunk_offsets_reference.h"

#include <vector>

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

using V = std::vector<std::int64_t>;

Integers of(const V& values) {
  return Eigen::Map<const Integers>(values.data(), std::ssize(values));
}
V list(const Integers& values) { return {values.data(), values.data() + values.size()}; }

TEST(ChunkOffsets, CountsShortChunksAndSkipsEmptySegments) {
  EXPECT_EQ(list(chunk_offsets(of({0, 4, 4, 9, 10}), 4)), (V{0, 1, 1, 3, 4}));
}

TEST(ChunkOffsets, ChunkOfOneCountsTokens) {
  EXPECT_EQ(list(chunk_offsets(of({0, 2, 5}), 1)), (V{0, 2, 5}));
}

TEST(ChunkOffsets, NoSegments) { EXPECT_EQ(list(chunk_offsets(of({0}), 64)), (V{0})); }

}  // namespace
}  // namespace packproof::reference
