#include "reference/head_to_seq/head_to_seq_reference.h"

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

TEST(HeadToSeqReference, ATokenHasTheHeadsOfAllRanks) {
  EXPECT_TRUE((head_to_seq(by_heads(), 2, 2) == by_sequence()).all());
}

TEST(HeadToSeqReference, BackwardSharesHeadsOut) {
  EXPECT_TRUE((head_to_seq_backward(by_sequence(), 4, 2) == by_heads()).all());
}

TEST(HeadToSeqReference, OneRankChangesNothing) {
  EXPECT_TRUE((head_to_seq(by_sequence(), 4, 1) == by_sequence()).all());
}

}  // namespace
}  // namespace packproof::reference
