// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

const Values kRow = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
// Two ranks: chunks of one row of segment 0, of two rows of segment 2.
const Values kZigzag = {0, 3, 4, 5, 10, 11, /* rank 1: */ 1, 2, 6, 7, 8, 9};

HandMadeCall of_row(const char* layout, const char* world) {
  return {.fields = {{"layout", layout}, {"sp", world}},
          .integers = {{"cu_seqlens_padded", list({0, 4, 4, 12})}}};
}
Values shares(HandMadeCall call) {
  call.integers["x"] = {{12, 1}, kRow};
  call.outputs = {{"y", {}}};
  return value_of(run(sp_split_reference, call), "y");
}

TEST(SpSplitReference, ZigzagTakesChunksFromBothEnds) {
  EXPECT_EQ(shares(of_row("zigzag", "2")), kZigzag);
}

TEST(SpSplitReference, ContiguousSharesFollowEachOther) {
  EXPECT_EQ(shares(of_row("contiguous", "3")), kRow);
}

TEST(SpSplitReference, BackwardGivesEveryRankTheWholeRow) {
  HandMadeCall call = of_row("zigzag", "2");
  call.integers["dy"] = {{2, 6, 1}, kZigzag};
  call.outputs = {{"dx", {}}};
  Values twice = kRow;
  twice.insert(twice.end(), kRow.begin(), kRow.end());
  EXPECT_EQ(value_of(run(sp_split_reference, call), "dx"), twice);
}

}  // namespace
}  // namespace packproof::reference
