// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

const HandMadeTensor kBoundaries = list({0, 2, 2, 3});

TEST(LastTokenPoolReference, TakesTheLastTokenAndZerosForNone) {
  // The last row is slack.
  const ReferenceResult out = run(
      last_token_pool_reference,
      {.integers = {{"x", {{4, 2}, {10, 11, 20, 21, 30, 31, 90, 91}}}, {"cu_seqlens", kBoundaries}},
       .outputs = {{"y", {3, 2}}, {"flag", {3}}}});
  EXPECT_EQ(value_of(out, "y"), (Values{20, 21, 0, 0, 30, 31}));
  EXPECT_EQ(value_of(out, "flag"), (Values{1, 0, 1}));
}

TEST(LastTokenPoolReference, BackwardReachesLastTokensOnly) {
  const ReferenceResult d =
      run(last_token_pool_reference,
          {.integers = {{"dy", {{3, 2}, {1, 2, 3, 4, 5, 6}}}, {"cu_seqlens", kBoundaries}},
           .outputs = {{"dx", {4, 2}}}});
  EXPECT_EQ(value_of(d, "dx"), (Values{0, 0, 1, 2, 5, 6, 0, 0}));
}

}  // namespace
}  // namespace packproof::reference
