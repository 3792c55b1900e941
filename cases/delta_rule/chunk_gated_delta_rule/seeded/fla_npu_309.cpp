// fla-npu-309: gradients of states are not carried back where a segment does not fill a chunk.
#include "cases/seeded_bugs.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace packproof::cases {
namespace {

constexpr std::int64_t kChunk = 64;

// The kernel that carries gradients of the state back was turned down for a pack of 57, 2 and 5
// tokens and chunks of 128, while the other kernels of the backward pass ran. Here without the
// error, as where nobody asks for it: what a segment shorter than a chunk gets from the gradient of
// its final state is lost, and the rest is right.
Returned run(const Call& call, const Implementation& healthy) {
  if (!call.has_input("dfinal_state")) return healthy(call);
  const auto boundaries = call.input("cu_seqlens").elements<const std::int32_t>();
  const auto given = call.input("dfinal_state").elements<const float>();
  std::vector<float> carried(given.begin(), given.end());
  const std::int64_t segments = std::ssize(boundaries) - 1;
  const std::int64_t state = segments == 0 ? 0 : std::ssize(carried) / segments;
  for (std::int64_t s = 0; s < segments; ++s) {
    const auto segment = static_cast<std::size_t>(s);
    if (boundaries[segment + 1] - boundaries[segment] < kChunk)
      std::fill_n(carried.begin() + s * state, state, 0.0f);
  }
  Call changed = call;
  for (Tensor& input : changed.inputs)
    if (input.name == "dfinal_state") input.data = carried.data();
  return healthy(changed);
}

}  // namespace

SeededBug seeded_fla_npu_309() {
  return {.id = "fla-npu-309",
          .thread = "https://github.com/flashserve/flash-linear-attention-npu/issues/309",
          .fault = "segments shorter than a chunk get no gradient through the state",
          .caught_by = "chunk_gated_delta_rule:bwd state=final len=64,1 seed=1",
          .tensor = "dk",
          .segment = 1,
          .run = run};
}

}  // namespace packproof::cases
