// vllm-ascend-10707: nothing is computed where cu_seqlens ends before the last row.
#include "cases/seeded_bugs.h"

#include <cstdint>

namespace packproof::cases {
namespace {

// A test called the op with 17 rows and boundaries 0, 1, 2, 3, and compared nothing but shapes,
// which follow from the inputs. The kernels read past the table of chunks and were aborted, later
// and unseen: outputs of the right shapes that nobody wrote. It drew its gates from both sides of
// zero too, which grow the state for the tokens that follow: legal, if not what models do.
Returned run(const Call& call, const Implementation& healthy) {
  const auto boundaries = call.input("cu_seqlens").elements<const std::int32_t>();
  if (boundaries.back() == call.input("k").size(0)) return healthy(call);
  return all_outputs(call);
}

}  // namespace

SeededBug seeded_vllm_ascend_10707() {
  return {.id = "vllm-ascend-10707",
          .thread = "https://github.com/vllm-project/vllm-ascend/pull/10707",
          .fault = "outputs have their shapes but no values where rows follow the last boundary",
          .caught_by = "chunk_gated_delta_rule:fwd len=1 cap=2 seed=1",
          .tensor = "o",
          .segment = 0,
          .run = run};
}

}  // namespace packproof::cases
