// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

Values offsets(Values cu_seqlens, const char* chunk) {
  return value_of(
      run(chunk_offsets_reference, {.fields = {{"chunk", chunk}},
                                    .integers = {{"cu_seqlens", list(std::move(cu_seqlens))}}}),
      "chunk_offsets");
}

TEST(ChunkOffsets, CountsShortChunksAndSkipsEmptySegments) {
  EXPECT_EQ(offsets({0, 4, 4, 9, 10}, "4"), (Values{0, 1, 1, 3, 4}));
}

TEST(ChunkOffsets, ChunkOfOneCountsTokens) {
  EXPECT_EQ(offsets({0, 2, 5}, "1"), (Values{0, 2, 5}));
}

TEST(ChunkOffsets, NoSegments) { EXPECT_EQ(offsets({0}, "64"), (Values{0})); }

}  // namespace
}  // namespace packproof::reference
