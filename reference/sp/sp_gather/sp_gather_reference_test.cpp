// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

// Segments of three and one tokens, each padded to four rows, over two ranks.
HandMadeCall zigzag() {
  return {.fields = {{"layout", "zigzag"}, {"sp", "2"}},
          .integers = {{"cu_seqlens", list({0, 3, 4})}, {"cu_seqlens_padded", list({0, 4, 8})}}};
}

Values gathered(HandMadeCall call, Sizes share_sizes, Values shares, std::int64_t tokens) {
  call.integers["x"] = {std::move(share_sizes), std::move(shares)};
  call.outputs = {{"y", {2, tokens, 1}}};
  return value_of(run(sp_gather_reference, call), "y");
}

TEST(SpGatherReference, PadsAreGoneOnEveryRank) {
  // 90 and above are pads.
  EXPECT_EQ(gathered(zigzag(), {2, 4, 1}, {1, 90, 4, 91, /* rank 1: */ 2, 3, 92, 93}, 5),
            (Values{1, 2, 3, 4, 0, 1, 2, 3, 4, 0}));
}

TEST(SpGatherReference, BackwardTakesEachRanksOwnCopy) {
  HandMadeCall call = zigzag();
  call.integers["dy"] = {{2, 5, 1}, {11, 12, 13, 14, 99, 21, 22, 23, 24, 99}};
  call.outputs = {{"dx", {2, 4, 1}}};
  EXPECT_EQ(value_of(run(sp_gather_reference, call), "dx"), (Values{11, 0, 14, 0, 22, 23, 0, 0}));
}

TEST(SpGatherReference, ContiguousPadsAreBehindTheLastToken) {
  const HandMadeCall contiguous = {
      .fields = {{"layout", "contiguous"}, {"sp", "2"}},
      .integers = {{"cu_seqlens", list({0, 2, 3})}, {"cu_seqlens_padded", list({0, 2, 3, 4})}}};
  EXPECT_EQ(gathered(contiguous, {2, 2, 1}, {1, 2, 3, 90}, 3), (Values{1, 2, 3, 1, 2, 3}));
}

}  // namespace
}  // namespace packproof::reference
