// By hand.
#include "reference/layout/chunk_indices/chunk_indices_reference.h"

#include <vector>

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

using V = std::vector<std::int64_t>;

Integers of(const V& values) {
  return Eigen::Map<const Integers>(values.data(), std::ssize(values));
}
V list(const Integers& values) { return {values.data(), values.data() + values.size()}; }

TEST(ChunkIndices, ListsChunksOfEachSegmentAndMarksTheRest) {
  const ChunkTable table = chunk_indices(of({0, 4, 4, 9, 10}), 4, 6);
  EXPECT_EQ(list(table.rows), (V{0, 0, 2, 0, 2, 1, 3, 0, -1, -1, -1, -1}));
  EXPECT_EQ(table.num_chunks, 4);
}

TEST(ChunkIndices, NoChunks) {
  const ChunkTable table = chunk_indices(of({0, 0, 0}), 64, 2);
  EXPECT_EQ(list(table.rows), (V{-1, -1, -1, -1}));
  EXPECT_EQ(table.num_chunks, 0);
}

}  // namespace
}  // namespace packproof::reference
