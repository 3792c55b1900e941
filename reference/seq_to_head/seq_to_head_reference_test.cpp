#include "reference/seq_to_head/seq_to_head_reference.h"

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

// Two tokens of four heads of one element, over two ranks; element = 10 token + head.
BitRows by_sequence() {
  BitRows x(8, 1);
  x << 0, 1, 2, 3, 10, 11, 12, 13;
  return x;
}
BitRows by_heads() {
  BitRows y(8, 1);
  y << 0, 1, 10, 11, /* rank 1: */ 2, 3, 12, 13;
  return y;
}

TEST(SeqToHeadReference, ARankHasItsHeadsOfAllTokens) {
  EXPECT_TRUE((seq_to_head(by_sequence(), 4, 2) == by_heads()).all());
}

TEST(SeqToHeadReference, BackwardPutsHeadsBack) {
  EXPECT_TRUE((seq_to_head_backward(by_heads(), 2, 2) == by_sequence()).all());
}

TEST(SeqToHeadReference, OneRankChangesNothing) {
  EXPECT_TRUE((seq_to_head(by_sequence(), 4, 1) == by_sequence()).all());
}

}  // namespace
}  // namespace packproof::reference
