// The reference of seq_to_head against LibTorch, on random shapes.
#include <gtest/gtest.h>

#include "reference/padded_baseline.h"
#include "reference/random_head_exchange.h"
#include "reference/seq_to_head/seq_to_head_reference.h"

namespace packproof::reference {
namespace {

TEST(SeqToHeadAgreement, ForwardAndBackward) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const RandomHeadExchange shape(seed);
    EXPECT_EQ(baseline(seq_to_head_padded, shape, "x", shape.by_sequence(), "y", shape.by_heads()),
              values(seq_to_head(numbered(shape), shape.heads(), shape.world)));
    EXPECT_EQ(
        baseline(seq_to_head_padded, shape, "dy", shape.by_heads(), "dx", shape.by_sequence()),
        values(seq_to_head_backward(numbered(shape), shape.heads_of_rank, shape.world)));
  }
}

}  // namespace
}  // namespace packproof::reference
