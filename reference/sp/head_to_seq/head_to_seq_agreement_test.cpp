// The reference of head_to_seq against LibTorch, on random shapes.
#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/sp/head_to_seq/head_to_seq_reference.h"
#include "reference/testing/random_head_exchange.h"

namespace packproof::reference {
namespace {

TEST(HeadToSeqAgreement, ForwardAndBackward) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const RandomHeadExchange random(seed);
    const Dims from = random.by_heads(), to = random.by_sequence();
    EXPECT_EQ(baseline(head_to_seq_padded, random, "x", from, "y", to),
              values(head_to_seq(numbered(random), random.shape)));
    EXPECT_EQ(baseline(head_to_seq_padded, random, "dy", to, "dx", from),
              values(head_to_seq_backward(numbered(random), random.shape)));
  }
}

}  // namespace
}  // namespace packproof::reference
