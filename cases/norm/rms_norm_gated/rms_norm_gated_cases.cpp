#include "cases/norm/rms_norm_gated/rms_norm_gated_cases.h"

#include "cases/forms/token_op_cases.h"

namespace packproof::cases {
namespace {

std::vector<std::string> quick() {
  std::vector<std::string> all = token_op_layouts(
      "rms_norm_gated",
      {
          // Beside the dims of models: a lane alone, rows that no vector fits, rows
          // that are not whole groups of lanes, rows of several accesses a lane.
          {"dim", {"128", "64", "256", "1", "3", "8", "100", "65"}},
          {"dtype", {"bf16", "fp16", "fp32"}},
          {"heads", {"2", "1", "3", "4", "1"}},
          {"zeros", {"some", "none"}, 2},
      });
  const auto contracts = token_op_contracts("rms_norm_gated", "heads=2 dim=24 zeros=some");
  all.insert(all.end(), contracts.begin(), contracts.end());
  all.insert(
      all.end(),
      {
          // The widest rows: 32 elements a lane, by vectors and one by one.
          "rms_norm_gated:fwd heads=1 dim=1024 len=3,0,4 seed=1",
          "rms_norm_gated:bwd dtype=fp32 heads=1 dim=1024 len=3,0,4 cap=8 seed=3",
          "rms_norm_gated:bwd dtype=fp16 heads=2 dim=1023 len=3,0,4 seed=4",
          // Several blocks, the last of which holds slack only.
          "rms_norm_gated:bwd dtype=fp32 heads=3 dim=8 len=300,0,41 cap=500 seed=5",
          // Several turns a block.
          "rms_norm_gated:bwd dtype=fp32 heads=1 dim=17 len=8100,0,200 cap=8400 seed=8",
          // Every row zero, and every row below the root of eps: eps makes the norm.
          "rms_norm_gated:fwd heads=2 dim=64 zeros=all len=3,40 seed=6",
          "rms_norm_gated:bwd dtype=fp32 heads=2 dim=64 zeros=all len=3,40 seed=6",
          "rms_norm_gated:fwd dtype=fp32 heads=2 dim=64 fill=tiny zeros=some len=3,40 seed=7",
          "rms_norm_gated:bwd heads=2 dim=64 fill=tiny len=3,40 seed=7",
          // Many gates, weights and gradients that are exactly zero.
          "rms_norm_gated:bwd dtype=fp32 heads=3 dim=128 fill=integers len=1,2,3,70 seed=9",
          // NaN and infinity stay in their own row, and reach the sums of their feature.
          "rms_norm_gated:fwd heads=2 dim=8 fill=specials zeros=some len=8*6 seed=11",
          "rms_norm_gated:bwd dtype=fp32 heads=1 dim=40 fill=specials len=1,0,1 cap=6 seed=12",
      });
  return all;
}

std::vector<std::string> full() {
  return {
      "rms_norm_gated:fwd heads=2 dim=128 len=gsm8k@32768 cap=32768 seed=1",
      "rms_norm_gated:bwd heads=2 dim=128 len=gsm8k@32768 cap=32768 seed=1",
      "rms_norm_gated:fwd dtype=fp32 heads=1 dim=256 len=code@32768 cap=32768 seed=2",
      "rms_norm_gated:bwd dtype=fp16 heads=3 dim=64 zeros=some len=code@32768 cap=33000 seed=2",
      "rms_norm_gated:bwd dtype=fp32 heads=1 dim=100 len=gsm8k@32768 cap=32768 seed=3",
      "rms_norm_gated:bwd heads=32 dim=128 len=100,0,200 cap=320 seed=4",
      // More steps a block than one.
      "rms_norm_gated:bwd heads=4 dim=1 len=100000 cap=100001 seed=5",
  };
}

}  // namespace

std::vector<std::string> rms_norm_gated_descriptors(Tier tier) {
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
