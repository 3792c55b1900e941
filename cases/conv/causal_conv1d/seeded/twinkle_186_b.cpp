// twinkle-186-b: a tensor on one path, a tensor and nothing on the other.
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

// One backend's function returns y, the other's y and a state, which is nothing when none was asked
// for. A caller that handles one return type breaks on the other: the fault is in the pair.
Returned run(const Call& call, const Implementation& healthy) {
  Returned returned = healthy(call);
  if (!call.has_output("final_state") && call.has_output("y")) returned.emplace_back("none");
  return returned;
}

}  // namespace

SeededBug seeded_twinkle_186_b() {
  return {.id = "twinkle-186-b",
          .thread = "https://github.com/modelscope/twinkle/pull/186",
          .fault = "returns (y, nothing) where y alone was asked for",
          .caught_by =
              "causal_conv1d:fwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "len=1 seed=1 contract=C2",
          .tensor = "y",
          .run = run};
}

}  // namespace packproof::cases
