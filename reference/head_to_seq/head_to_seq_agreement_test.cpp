// The reference of head_to_seq against LibTorch, on random shapes.
#include <gtest/gtest.h>

#include "reference/head_to_seq/head_to_seq_reference.h"
#include "reference/padded_baseline.h"
#include "reference/random_head_exchange.h"

namespace packproof::reference {
namespace {

TEST(HeadToSeqAgreement, ForwardAndBackward) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const RandomHeadExchange shape(seed);
    EXPECT_EQ(baseline(head_to_seq_padded, shape, "x", shape.by_heads(), "y", shape.by_sequence()),
              values(head_to_seq(numbered(shape), shape.heads_of_rank, shape.world)));
    EXPECT_EQ(
        baseline(head_to_seq_padded, shape, "dy", shape.by_sequence(), "dx", shape.by_heads()),
        values(head_to_seq_backward(numbered(shape), shape.heads(), shape.world)));
  }
}

}  // namespace
}  // namespace packproof::reference
