// The reference against LibTorch on random segments.
#include "reference/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_reference.h"

#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

std::vector<double> doubles(const Integers& values) {
  return {values.data(), values.data() + values.size()};
}

TEST(PositionIdsFromCuSeqlensAgreement, OnRandomSegments) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<std::int64_t> boundaries = random_cu_seqlens(random);
    const Integers cu_seqlens =
        Eigen::Map<const Integers>(boundaries.data(), std::ssize(boundaries));
    SCOPED_TRACE(testing::PrintToString(boundaries));
    HandMadeCall made;
    made.input("cu_seqlens", {{Axis::entry, std::ssize(boundaries)}}, boundaries);
    const std::int64_t tokens = boundaries.back() + static_cast<std::int64_t>(random() % 3);
    const std::int64_t components = random() % 2 == 0 ? 1 : 3;
    Dims dims = {{Axis::token, tokens}};
    if (components > 1) dims.insert(dims.begin(), {Axis::entry, components});
    made.output("position_ids", dims);
    ASSERT_EQ(doubles(position_ids_from_cu_seqlens(cu_seqlens, components, tokens)),
              values_of(position_ids_from_cu_seqlens_padded(made.call()), "position_ids"));
  }
}

}  // namespace
}  // namespace packproof::reference
