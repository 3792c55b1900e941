// The two halves of Ulysses' exchange, seq_to_head and head_to_seq, by hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

// Elements are 100 row + 10 token + head.
struct Exchange {
  std::map<std::string, std::string, std::less<>> fields;
  std::int64_t capacity;  // tokens of all ranks in one row
  Values by_sequence, by_heads;
};

const Exchange kTwoRanks = {{{"sp", "2"}, {"ring", "1"}, {"batch", "1"}, {"heads", "4"}},
                            2,
                            {0, 1, 2, 3, /* rank 1: */ 10, 11, 12, 13},
                            {0, 1, 10, 11, /* rank 1: */ 2, 3, 12, 13}};
const Exchange kOneRank = {{{"sp", "1"}, {"ring", "1"}, {"batch", "1"}, {"heads", "4"}},
                           2,
                           {0, 1, 2, 3, 10, 11, 12, 13},
                           {0, 1, 2, 3, 10, 11, 12, 13}};
// Two groups of two ranks: each exchanges for itself.
const Exchange kGroups = {
    {{"sp", "2"}, {"ring", "2"}, {"batch", "1"}, {"heads", "2"}},
    4,
    {0, 1, /* rank 1: */ 10, 11, /* group 1: */ 20, 21, /* rank 3: */ 30, 31},
    {0, 10, /* rank 1: */ 1, 11, /* group 1: */ 20, 30, /* rank 3: */ 21, 31}};
// Two rows of two tokens over two ranks.
const Exchange kRows = {{{"sp", "2"}, {"ring", "1"}, {"batch", "2"}, {"heads", "2"}},
                        2,
                        {0, 1, 100, 101, /* rank 1: */ 10, 11, 110, 111},
                        {0, 10, 100, 110, /* rank 1: */ 1, 11, 101, 111}};

using Half = ReferenceResult (*)(const Call&);

Values moved_by(Half half, const Exchange& exchange, const Values& from, bool is_forward) {
  const std::string output = is_forward ? "y" : "dx";
  HandMadeCall call = {
      .fields = exchange.fields, .outputs = {{output, {}}}, .capacity = exchange.capacity};
  call.integers[is_forward ? "x" : "dy"] = {{std::ssize(from), 1}, from};
  return value_of(run(half, call), output);
}

TEST(HeadExchangeReference, ARankHasItsHeadsOfAllTokens) {
  for (const Exchange& e : {kTwoRanks, kOneRank, kGroups, kRows}) {
    EXPECT_EQ(moved_by(seq_to_head_reference, e, e.by_sequence, true), e.by_heads);
    EXPECT_EQ(moved_by(seq_to_head_reference, e, e.by_heads, false), e.by_sequence);
  }
}

TEST(HeadExchangeReference, ATokenHasTheHeadsOfAllRanks) {
  for (const Exchange& e : {kTwoRanks, kOneRank, kGroups, kRows}) {
    EXPECT_EQ(moved_by(head_to_seq_reference, e, e.by_heads, true), e.by_sequence);
    EXPECT_EQ(moved_by(head_to_seq_reference, e, e.by_sequence, false), e.by_heads);
  }
}

}  // namespace
}  // namespace packproof::reference
