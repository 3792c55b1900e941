// The reference against LibTorch on random segments.
#include "reference/layout/sequence_index/sequence_index_reference.h"

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

std::vector<double> doubles(const Integers& values) {
  return {values.data(), values.data() + values.size()};
}

TEST(SequenceIndexAgreement, OnRandomSegments) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<std::int64_t> boundaries = random_cu_seqlens(random);
    const Integers cu_seqlens =
        Eigen::Map<const Integers>(boundaries.data(), std::ssize(boundaries));
    SCOPED_TRACE(testing::PrintToString(boundaries));
    HandMadeCall made;
    made.input("cu_seqlens", {{Axis::entry, std::ssize(boundaries)}}, boundaries);
    const std::int64_t tokens = boundaries.back() + static_cast<std::int64_t>(random() % 3);
    made.output("sequence_index", {{Axis::token, tokens}});
    ASSERT_EQ(doubles(sequence_index(cu_seqlens, tokens)),
              values_of(sequence_index_padded(made.call()), "sequence_index"));
  }
}

}  // namespace
}  // namespace packproof::reference
