// veomni-845: boundaries of the pads at the tail come twice.
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

// What the pads begin and end with are the same boundary: attention takes the empty segment, but
// the pads are tokens of the segment before them, whose recurrent state then runs through them.
Returned run(const Call& call, const Implementation& healthy) {
  Returned returned = healthy(call);
  if (!call.has_output("cu_seqlens_padded")) return returned;
  const auto padded = call.output("cu_seqlens_padded").elements<std::int32_t>();
  if (padded.size() > 1) padded[padded.size() - 2] = padded.back();
  return returned;
}

}  // namespace

SeededBug seeded_veomni_845() {
  return {.id = "veomni-845",
          .thread = "https://github.com/ByteDance-Seed/VeOmni/pull/845",
          .fault = "gives the boundary behind the pads twice, and none before them",
          .caught_by = "sp_pad:fwd dtype=bf16 sp=2 dim=1 len=1 seed=1 contract=C1",
          .tensor = "cu_seqlens_padded",
          .run = run};
}

}  // namespace packproof::cases
