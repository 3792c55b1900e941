// The reference of seq_to_head against LibTorch, on random shapes.
#include <gtest/gtest.h>

#include "reference/core/padded_baseline.h"
#include "reference/sp/seq_to_head/seq_to_head_reference.h"
#include "reference/testing/random_head_exchange.h"

namespace packproof::reference {
namespace {

TEST(SeqToHeadAgreement, ForwardAndBackward) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const RandomHeadExchange random(seed);
    const Dims from = random.by_sequence(), to = random.by_heads();
    EXPECT_EQ(baseline(seq_to_head_padded, random, "x", from, "y", to),
              values(seq_to_head(numbered(random), random.shape)));
    EXPECT_EQ(baseline(seq_to_head_padded, random, "dy", to, "dx", from),
              values(seq_to_head_backward(numbered(random), random.shape)));
  }
}

}  // namespace
}  // namespace packproof::reference
