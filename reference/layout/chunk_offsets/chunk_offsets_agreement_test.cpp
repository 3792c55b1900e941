// The reference against LibTorch on random segments.
#include "reference/layout/chunk_offsets/chunk_offsets_reference.h"

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

std::vector<double> doubles(const Integers& values) {
  return {values.data(), values.data() + values.size()};
}

TEST(ChunkOffsetsAgreement, OnRandomSegments) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<std::int64_t> boundaries = random_cu_seqlens(random);
    const Integers cu_seqlens =
        Eigen::Map<const Integers>(boundaries.data(), std::ssize(boundaries));
    SCOPED_TRACE(testing::PrintToString(boundaries));
    HandMadeCall made;
    made.input("cu_seqlens", {{Axis::entry, std::ssize(boundaries)}}, boundaries);
    const std::int64_t chunk = 1 + static_cast<std::int64_t>(random() % 5);
    made.field("chunk", std::to_string(chunk));
    ASSERT_EQ(doubles(chunk_offsets(cu_seqlens, chunk)),
              values_of(chunk_offsets_padded(made.call()), "chunk_offsets"));
  }
}

}  // namespace
}  // namespace packproof::reference
