#include "cases/delta_rule/gdn_gating/gdn_gating_cases.h"

#include "cases/forms/token_op_cases.h"

namespace packproof::cases {
namespace {

std::vector<std::string> quick() {
  std::vector<std::string> all = token_op_layouts(
      "gdn_gating", {
                        // Beside the heads of models: no vector, one vector, more than a block has.
                        {"heads", {"32", "1", "16", "4", "3", "48", "6", "70"}},
                        {"dtype", {"bf16", "fp16", "fp32"}},
                        // Gradients of a wide spread are below fp16.
                        {"spread", {"16", "1", "4", "8", "1", "16", "1", "2", "1"}},
                    });
  const auto contracts = token_op_contracts("gdn_gating", "heads=8");
  all.insert(all.end(), contracts.begin(), contracts.end());
  all.insert(all.end(),
             {
                 // Heads that take several blocks, whole and not.
                 "gdn_gating:fwd heads=260 len=5,0,30 cap=40 seed=1",
                 "gdn_gating:bwd dtype=fp16 heads=516 len=5,0,30 cap=40 seed=2",
                 "gdn_gating:bwd dtype=fp32 heads=131 len=5,0,30 seed=3",
                 // One head: 256 tokens side by side, and several steps of them.
                 "gdn_gating:fwd heads=1 len=1030,1,1030 seed=4",
                 "gdn_gating:bwd dtype=fp32 heads=1 len=1030,1,1030 cap=2100 seed=4",
                 // More blocks than the sums over them add at a time.
                 "gdn_gating:bwd heads=64 len=700,0,700 cap=1410 seed=10",
                 // Both ends: softplus as exp and as the identity, sigmoid at 0 and 1.
                 "gdn_gating:fwd dtype=fp32 heads=16 spread=16 len=3,40 seed=5",
                 "gdn_gating:bwd dtype=fp32 heads=16 spread=16 len=3,40 seed=5",
                 "gdn_gating:fwd dtype=fp16 heads=16 spread=16 len=3,40 seed=5",
                 "gdn_gating:bwd heads=16 fill=integers len=1,2,3,70 seed=6",
                 "gdn_gating:fwd dtype=fp16 heads=16 fill=tiny len=3,40 seed=7",
                 "gdn_gating:bwd dtype=fp32 heads=16 fill=tiny len=3,40 seed=7",
                 // NaN and infinity stay with their token and head, and reach that head's sums.
                 "gdn_gating:fwd heads=8 fill=specials len=8*6 seed=8",
                 "gdn_gating:bwd dtype=fp32 heads=33 fill=specials len=2,0,1,1 cap=9 seed=9",
             });
  return all;
}

std::vector<std::string> full() {
  return {
      "gdn_gating:fwd heads=32 len=gsm8k@32768 cap=32768 seed=1",
      "gdn_gating:bwd heads=32 len=gsm8k@32768 cap=32768 seed=1",
      "gdn_gating:fwd dtype=fp16 heads=16 spread=16 len=code@32768 cap=32768 seed=2",
      "gdn_gating:bwd heads=16 spread=4 len=code@32768 cap=33000 seed=2",
      "gdn_gating:bwd dtype=fp32 heads=3 spread=16 len=gsm8k@32768 cap=32768 seed=3",
      // More steps a block than the fewest.
      "gdn_gating:bwd heads=1 len=1100000 cap=1100001 seed=4",
      "gdn_gating:bwd heads=16384 len=3,0,60 cap=64 seed=5",
  };
}

}  // namespace

std::vector<std::string> gdn_gating_descriptors(Tier tier) {
  switch (tier) {
    case Tier::quick:
      return quick();
    case Tier::full:
      return full();
    case Tier::nightly:
      return {};
  }
  return {};
}

}  // namespace packproof::cases
