// transformers-46588: the convolution is not told of boundaries.
#include "cases/seeded_bugs.h"

#include "cases/core/one_segment.h"

namespace packproof::cases {
namespace {

// The fused path called the convolution without its sequence index, while attention had its
// cu_seqlens: the window slides over boundaries, and the end of one sample reaches the next.
Returned run(const Call& call, const Implementation& healthy) {
  return healthy(OneSegment(call).call());
}

}  // namespace

SeededBug seeded_transformers_46588() {
  return {.id = "transformers-46588",
          .thread = "https://github.com/huggingface/transformers/pull/46588",
          .fault = "boundaries are not passed on: the window reaches into the segment before",
          .caught_by =
              "causal_conv1d:fwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "len=2*1 seed=1",
          .tensor = "y",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
