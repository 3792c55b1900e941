// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

// Three rows of three places: left padding, no token, a hole.
const HandMadeTensor kMask = {{3, 3},
                              {0, 1, 1,  //
                               0, 0, 0,  //
                               1, 0, 1}};

TEST(PackReference, TakesTokensInOrderOfBatchAndPosition) {
  const ReferenceResult out =
      run(pack_reference, {.integers = {{"padded",
                                         {{3, 3, 2},
                                          {10, 11, 20, 21, 30, 31,  //
                                           40, 41, 50, 51, 60, 61,  //
                                           70, 71, 80, 81, 90, 91}}},
                                        {"mask", kMask}},
                           .outputs = {{"packed", {6, 2}}, {"cu_seqlens", {4}}}});
  EXPECT_EQ(value_of(out, "packed"), (Values{20, 21, 30, 31, 70, 71, 90, 91, 0, 0, 0, 0}));
  EXPECT_EQ(value_of(out, "cu_seqlens"), (Values{0, 2, 2, 4}));
}

TEST(PackReference, RowsWithoutPlacesAreEmptySegments) {
  const ReferenceResult out =
      run(pack_reference, {.integers = {{"padded", {{2, 0, 1}, {}}}, {"mask", {{2, 0}, {}}}},
                           .outputs = {{"packed", {0, 1}}, {"cu_seqlens", {3}}}});
  EXPECT_EQ(value_of(out, "cu_seqlens"), (Values{0, 0, 0}));
}

TEST(PackReference, BackwardPutsRowsWhereTheyCameFrom) {
  // The last row is slack.
  const ReferenceResult d =
      run(pack_reference, {.integers = {{"dpacked", {{5, 1}, {1, 2, 3, 4, 99}}}, {"mask", kMask}},
                           .outputs = {{"dpadded", {3, 3, 1}}}});
  EXPECT_EQ(value_of(d, "dpadded"), (Values{0, 1, 2, 0, 0, 0, 3, 0, 4}));
}

}  // namespace
}  // namespace packproof::reference
