// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

Values index_of(Values cu_seqlens, std::int64_t total_tokens) {
  return value_of(
      run(sequence_index_reference, {.integers = {{"cu_seqlens", list(std::move(cu_seqlens))}},
                                     .outputs = {{"sequence_index", {total_tokens}}}}),
      "sequence_index");
}

TEST(SequenceIndex, EmptySegmentsOwnNoTokenAndSlackIsMinusOne) {
  EXPECT_EQ(index_of({0, 0, 2, 2, 3}, 5), (Values{1, 1, 3, -1, -1}));
}

TEST(SequenceIndex, NoSegmentsAndNoTokens) {
  EXPECT_EQ(index_of({0}, 2), (Values{-1, -1}));
  EXPECT_EQ(index_of({0, 0}, 0), (Values{}));
}

}  // namespace
}  // namespace packproof::reference
