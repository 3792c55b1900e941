#include "cases/chunk_gated_delta_rule/seeded_twinkle_186_d.h"

#include "cases/packing/one_segment.h"

namespace packproof::cases {
namespace {

// The torch fallback took cu_seqlens and did not use it: gradients flow back over boundaries.
Returned run(const Call& call, const Implementation& healthy) {
  return healthy(OneSegment(call).call());
}

}  // namespace

SeededBug seeded_twinkle_186_d() {
  return {.id = "twinkle-186-d",
          .thread = "https://github.com/modelscope/twinkle/pull/186",
          .fault = "the fallback accepts cu_seqlens and runs one long sequence",
          .caught_by = "chunk_gated_delta_rule:bwd gates=weak len=2*1 seed=1",
          .tensor = "dk",
          .segment = 0,
          .run = run};
}

}  // namespace packproof::cases
