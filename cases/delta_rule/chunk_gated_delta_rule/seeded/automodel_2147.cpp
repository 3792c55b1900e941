// automodel-2147: the delta rule is not told of boundaries.
#include "cases/seeded_bugs.h"

#include "cases/core/one_segment.h"

namespace packproof::cases {
namespace {

// The layer called the fused delta rule without cu_seqlens: the state runs through the whole pack.
Returned run(const Call& call, const Implementation& healthy) {
  return healthy(OneSegment(call).call());
}

}  // namespace

SeededBug seeded_automodel_2147() {
  return {.id = "automodel-2147",
          .thread = "https://github.com/NVIDIA-NeMo/Automodel/pull/2147",
          .fault = "no cu_seqlens: the state of one sample is where the next one starts",
          .caught_by = "chunk_gated_delta_rule:fwd gates=weak len=2*1 seed=1",
          .tensor = "o",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
