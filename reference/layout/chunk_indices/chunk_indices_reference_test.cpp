// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

ReferenceResult chunks(Values cu_seqlens, const char* chunk, std::int64_t capacity) {
  return run(chunk_indices_reference, {.fields = {{"chunk", chunk}},
                                       .integers = {{"cu_seqlens", list(std::move(cu_seqlens))}},
                                       .outputs = {{"chunk_indices", {capacity, 2}}}});
}

TEST(ChunkIndices, ListsChunksOfEachSegmentAndMarksTheRest) {
  const ReferenceResult table = chunks({0, 4, 4, 9, 10}, "4", 6);
  EXPECT_EQ(value_of(table, "chunk_indices"), (Values{0, 0, 2, 0, 2, 1, 3, 0, -1, -1, -1, -1}));
  EXPECT_EQ(value_of(table, "num_chunks"), (Values{4}));
}

TEST(ChunkIndices, NoChunks) {
  const ReferenceResult table = chunks({0, 0, 0}, "64", 2);
  EXPECT_EQ(value_of(table, "chunk_indices"), (Values{-1, -1, -1, -1}));
  EXPECT_EQ(value_of(table, "num_chunks"), (Values{0}));
}

}  // namespace
}  // namespace packproof::reference
