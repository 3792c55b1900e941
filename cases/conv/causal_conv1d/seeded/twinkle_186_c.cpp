// twinkle-186-c: silu, whatever activation was asked for.
#include "cases/seeded_bugs.h"

namespace packproof::cases {
namespace {

// The packed path was written for a model that uses silu, and never looks at `activation`: others
// get silu too, and unknown ones are not refused.
Returned run(const Call& call, const Implementation& healthy) {
  Case with_silu = *call.the_case;
  with_silu.fields.insert_or_assign("activation", "silu");
  Call hard_coded = call;
  hard_coded.the_case = &with_silu;
  return healthy(hard_coded);
}

}  // namespace

SeededBug seeded_twinkle_186_c() {
  return {.id = "twinkle-186-c",
          .thread = "https://github.com/modelscope/twinkle/pull/186",
          .fault = "silu is applied whatever `activation` says",
          .caught_by =
              "causal_conv1d:fwd dtype=bf16 channels=1 width=2 activation=none bias=absent "
              "len=1 seed=1 contract=C3",
          .tensor = "y",
          .segment = 0,
          .run = run};
}

}  // namespace packproof::cases
