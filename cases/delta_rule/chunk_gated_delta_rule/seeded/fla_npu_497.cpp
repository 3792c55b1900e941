// fla-npu-497: a cu_seqlens that falls is run, not refused.
#include "cases/seeded_bugs.h"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace packproof::cases {
namespace {

// Only the shape of cu_seqlens is checked. The kernel works through the chunks that it is given and
// returns something, which here is what it would be if a segment that ends before it begins were an
// empty one.
Returned run(const Call& call, const Implementation& healthy) {
  const Tensor& given = call.input("cu_seqlens");
  const auto boundaries = given.elements<const std::int32_t>();
  std::vector<std::int32_t> rising(boundaries.begin(), boundaries.end());
  for (std::size_t i = 1; i < rising.size(); ++i) rising[i] = std::max(rising[i], rising[i - 1]);
  Call changed = call;
  for (Tensor& input : changed.inputs)
    if (input.name == given.name) input.data = rising.data();
  return healthy(changed);
}

}  // namespace

SeededBug seeded_fla_npu_497() {
  return {.id = "fla-npu-497",
          .thread = "https://github.com/flashserve/flash-linear-attention-npu/issues/497",
          .fault = "runs a cu_seqlens that falls",
          .caught_by =
              "chunk_gated_delta_rule:fwd cu_seqlens=0,2,1,3 cap=3 seed=1 contract=C7 "
              "expect=refused",
          .tensor = "",  // it gives no wrong value: it should give none
          .run = run};
}

}  // namespace packproof::cases
