// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

// Three rows of three places: left padding, no token, a hole.
HandMadeCall masked() {
  return {.integers = {{"mask",
                        {{3, 3},
                         {0, 1, 1,  //
                          0, 0, 0,  //
                          1, 0, 1}}},
                       {"cu_seqlens", list({0, 2, 2, 4})}}};
}

TEST(UnpackReference, PutsEachSegmentIntoItsRowAndZeroesPads) {
  HandMadeCall call = masked();
  // The last row is slack.
  call.integers["packed"] = {{5, 2}, {10, 11, 20, 21, 30, 31, 40, 41, 99, 99}};
  call.outputs = {{"padded", {3, 3, 2}}};
  EXPECT_EQ(value_of(run(unpack_reference, call), "padded"), (Values{0, 0, 10, 11, 20, 21,  //
                                                                     0, 0, 0, 0, 0, 0,      //
                                                                     30, 31, 0, 0, 40, 41}));
}

TEST(UnpackReference, BackwardTakesTokensAndZeroesSlack) {
  HandMadeCall call = masked();
  call.integers["dpadded"] = {{3, 3, 1}, {99, 1, 2, 99, 99, 99, 3, 99, 4}};  // 99 at pads
  call.outputs = {{"dpacked", {6, 1}}};
  EXPECT_EQ(value_of(run(unpack_reference, call), "dpacked"), (Values{1, 2, 3, 4, 0, 0}));
}

}  // namespace
}  // namespace packproof::reference
