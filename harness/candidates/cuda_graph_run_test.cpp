// What a graph is captured with; what it does is for a GPU (candidate cuda-graph).
#include "harness/candidates/cuda_graph_run.h"

#include <gtest/gtest.h>

#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using Lengths = std::vector<std::int64_t>;

Case other_of(const char* descriptor) {
  const Case c = parse_descriptor(descriptor, op_lookup());
  return with_other_segments(c, find_op(c.op)->form);
}

TEST(WithOtherSegments, PutsAllTokensIntoTheLast) {
  const Case other = other_of("sequence_index len=5,0,3 cap=9");
  EXPECT_EQ(other.lengths, (Lengths{0, 0, 8}));
  EXPECT_EQ(other.capacity, 9);
}

TEST(WithOtherSegments, TurnsThemAroundWhereTheLongestIsADim) {
  EXPECT_EQ(other_of("pack len=5,2").lengths, (Lengths{2, 5}));
}

TEST(WithOtherSegments, ChangesValuesWhereThereIsNoOtherWay) {
  const Case other = other_of("sequence_index len=5 seed=7");
  EXPECT_EQ(other.lengths, (Lengths{5}));
  EXPECT_EQ(other.seed, 8u);
}

TEST(CanBeCaptured, NeitherRanksNorAStatusThatIsReadBack) {
  EXPECT_TRUE(can_be_captured(*find_op("chunk_gated_delta_rule")));
  EXPECT_FALSE(can_be_captured(*find_op("seq_to_head")));
  EXPECT_FALSE(can_be_captured(*find_op("cu_seqlens_from_position_ids")));
}

}  // namespace
}  // namespace packproof::harness
