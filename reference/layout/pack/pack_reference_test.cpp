#include "reference/layout/pack/pack_reference.h"

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

// Three rows of three places: left padding, no token, a hole.
Mask mask() {
  Mask m(3, 3);
  m << 0, 1, 1,  //
      0, 0, 0,   //
      1, 0, 1;
  return m;
}

TEST(PackReference, TakesTokensInOrderOfBatchAndPosition) {
  BitRows padded(9, 2);
  padded << 10, 11, 20, 21, 30, 31,  //
      40, 41, 50, 51, 60, 61,        //
      70, 71, 80, 81, 90, 91;
  BitRows expected(6, 2);
  expected << 20, 21, 30, 31, 70, 71, 90, 91, 0, 0, 0, 0;
  EXPECT_TRUE((pack(padded, mask(), 6) == expected).all());
}

TEST(PackReference, CountsBoundaries) {
  Integers expected(4);
  expected << 0, 2, 2, 4;
  EXPECT_TRUE((pack_cu_seqlens(mask()) == expected).all());
}

TEST(PackReference, RowsWithoutPlacesAreEmptySegments) {
  const Integers boundaries = pack_cu_seqlens(Mask(2, 0));
  ASSERT_EQ(boundaries.size(), 3);
  EXPECT_TRUE((boundaries == 0).all());
}

TEST(PackReference, BackwardPutsRowsWhereTheyCameFrom) {
  BitRows dpacked(5, 1);
  dpacked << 1, 2, 3, 4, 99;  // the last is slack
  BitRows expected(9, 1);
  expected << 0, 1, 2, 0, 0, 0, 3, 0, 4;
  EXPECT_TRUE((pack_backward(dpacked, mask()) == expected).all());
}

}  // namespace
}  // namespace packproof::reference
