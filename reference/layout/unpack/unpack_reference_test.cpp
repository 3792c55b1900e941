#include "reference/layout/unpack/unpack_reference.h"

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

Integers cu_seqlens() {
  Integers boundaries(4);
  boundaries << 0, 2, 2, 4;
  return boundaries;
}

TEST(UnpackReference, PutsEachSegmentIntoItsRowAndZeroesPads) {
  BitRows packed(5, 2);
  packed << 10, 11, 20, 21, 30, 31, 40, 41, 99, 99;  // the last row is slack
  BitRows expected(9, 2);
  expected << 0, 0, 10, 11, 20, 21,  //
      0, 0, 0, 0, 0, 0,              //
      30, 31, 0, 0, 40, 41;
  EXPECT_TRUE((unpack(packed, mask(), cu_seqlens()) == expected).all());
}

TEST(UnpackReference, BackwardTakesTokensAndZeroesSlack) {
  BitRows dpadded(9, 1);
  dpadded << 99, 1, 2, 99, 99, 99, 3, 99, 4;  // 99 at pads
  BitRows expected(6, 1);
  expected << 1, 2, 3, 4, 0, 0;
  EXPECT_TRUE((unpack_backward(dpadded, mask(), cu_seqlens(), 6) == expected).all());
}

}  // namespace
}  // namespace packproof::reference
