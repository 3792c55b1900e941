#include "reference/sp/seq_to_head/seq_to_head_reference.h"

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

constexpr HeadExchangeShape kTwoRanks = {
    .sp = 2, .ring = 1, .batch = 1, .tokens = 1, .own_heads = 2};
constexpr HeadExchangeShape kOneRank = {
    .sp = 1, .ring = 1, .batch = 1, .tokens = 2, .own_heads = 4};

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
  EXPECT_TRUE((seq_to_head(by_sequence(), kTwoRanks) == by_heads()).all());
}

TEST(SeqToHeadReference, BackwardPutsHeadsBack) {
  EXPECT_TRUE((seq_to_head_backward(by_heads(), kTwoRanks) == by_sequence()).all());
}

TEST(SeqToHeadReference, OneRankChangesNothing) {
  EXPECT_TRUE((seq_to_head(by_sequence(), kOneRank) == by_sequence()).all());
}

// Two groups of two ranks: each exchanges for itself. Element = 10 token + head.
TEST(SeqToHeadReference, GroupsExchangeForThemselves) {
  constexpr HeadExchangeShape kGroups = {
      .sp = 2, .ring = 2, .batch = 1, .tokens = 1, .own_heads = 1};
  BitRows tokens(8, 1), heads(8, 1);
  tokens << 0, 1, 10, 11, /* group 1: */ 20, 21, 30, 31;
  heads << 0, 10, /* rank 1: */ 1, 11, /* rank 2: */ 20, 30, /* rank 3: */ 21, 31;
  EXPECT_TRUE((seq_to_head(tokens, kGroups) == heads).all());
}

// Two rows of two tokens over two ranks. Element = 100 row + 10 token + head.
TEST(SeqToHeadReference, RowsStayApart) {
  constexpr HeadExchangeShape kRows = {.sp = 2, .ring = 1, .batch = 2, .tokens = 1, .own_heads = 1};
  BitRows tokens(8, 1), heads(8, 1);
  tokens << 0, 1, 100, 101, /* rank 1: */ 10, 11, 110, 111;
  heads << 0, 10, 100, 110, /* rank 1: */ 1, 11, 101, 111;
  EXPECT_TRUE((seq_to_head(tokens, kRows) == heads).all());
}

}  // namespace
}  // namespace packproof::reference
