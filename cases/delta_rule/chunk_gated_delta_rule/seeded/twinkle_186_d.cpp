// twinkle-186-d: the fallback runs a pack as one sequence.
#include "cases/seeded_bugs.h"

#include "cases/core/one_segment.h"

namespace packproof::cases {
namespace {

// The torch fallback took cu_seqlens and did not use it: the state flows over boundaries.
Returned run(const Call& call, const Implementation& healthy) {
  return healthy(OneSegment(call).call());
}

}  // namespace

SeededBug seeded_twinkle_186_d() {
  return {.id = "twinkle-186-d",
          .thread = "https://github.com/modelscope/twinkle/pull/186",
          .fault = "the fallback accepts cu_seqlens and runs one long sequence",
          .caught_by = "chunk_gated_delta_rule:bwd gates=weak len=2*1 seed=1",
          .tensor = "dq",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
