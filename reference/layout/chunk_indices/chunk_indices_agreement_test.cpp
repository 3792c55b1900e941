// The reference against LibTorch on random segments.
#include "reference/layout/chunk_indices/chunk_indices_reference.h"

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

std::vector<double> doubles(const Integers& values) {
  return {values.data(), values.data() + values.size()};
}

TEST(ChunkIndicesAgreement, OnRandomSegments) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<std::int64_t> boundaries = random_cu_seqlens(random);
    const Integers cu_seqlens =
        Eigen::Map<const Integers>(boundaries.data(), std::ssize(boundaries));
    SCOPED_TRACE(testing::PrintToString(boundaries));
    HandMadeCall made;
    made.input("cu_seqlens", {{Axis::entry, std::ssize(boundaries)}}, boundaries);
    const std::int64_t chunk = 1 + static_cast<std::int64_t>(random() % 5);
    const std::int64_t capacity = boundaries.back() / chunk + std::ssize(boundaries) - 1;
    made.field("chunk", std::to_string(chunk));
    made.output("chunk_indices", {{Axis::entry, capacity}, {Axis::feature, 2}});
    const ChunkTable table = chunk_indices(cu_seqlens, chunk, capacity);
    const ReferenceResult theirs = chunk_indices_padded(made.call());
    ASSERT_EQ(doubles(table.rows), values_of(theirs, "chunk_indices"));
    ASSERT_EQ(static_cast<double>(table.num_chunks), values_of(theirs, "num_chunks").at(0));
  }
}

}  // namespace
}  // namespace packproof::reference
