// slime-1686: cu_seqlens reaches the convolution, but not the delta rule.
#include "cases/seeded_bugs.h"

#include "cases/core/one_segment.h"
#include "cases/forms/step_list.h"

namespace packproof::cases {
namespace {

// The state flows over boundaries that the convolution respects.
Returned run(const Call& call, const Implementation& healthy) {
  const OneSegment whole(call);
  Tensor boundaries = whole.call().input("cu_seqlens");
  boundaries.name = rewired_input("delta_rule", "cu_seqlens");
  Call faulty = call;
  faulty.inputs.push_back(boundaries);
  return healthy(faulty);
}

}  // namespace

SeededBug seeded_slime_1686() {
  return {.id = "slime-1686",
          .thread = "https://github.com/THUDM/slime/pull/1686",
          .fault = "cu_seqlens reaches the convolution, but not the delta rule",
          .caught_by = "gated_delta_net_block:fwd key_heads=1 value_heads=1 len=4,2 seed=1",
          .tensor = "y",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
