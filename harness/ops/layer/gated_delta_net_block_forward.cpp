#include "harness/ops/layer/gated_delta_net_block_rank.h"

namespace packproof::harness {

BlockActivations BlockRank::activations() const {
  BlockActivations at{};
  for (const BlockPart part : kBlockParts) {
    const std::int64_t width = sizes_.width(part);
    void* projected = elements(sizes_.own_tokens() * width);
    PACKPROOF_LAUNCHER(call_.target, linear)
    ({.rows = token_rows(),
      .in = sizes_.hidden,
      .out = width,
      .x = own_rows(call_.device.input("hidden")),
      .weight = weight(part),
      .y = projected},
     rank_.stream);
    at.projected[part] = to_heads(projected, width);
  }
  for (const BlockPart part : kConvParts) {
    at.convolved[part] = elements(sizes_.tokens * share(part));
    PACKPROOF_LAUNCHER(call_.target, causal_conv1d)
    ({.in = conv_inputs(at, part), .y = at.convolved[part], .final_state = nullptr}, rank_.stream);
  }
  at.g = floats(sizes_.tokens * share(BlockPart::a));
  at.beta = floats(sizes_.tokens * share(BlockPart::b));
  PACKPROOF_LAUNCHER(call_.target, gdn_gating)
  ({.in = gating_inputs(at), .g = at.g, .beta = at.beta}, rank_.stream);

  const GatedDeltaRuleInputs rule = delta_rule_inputs(at);
  at.o = elements(sizes_.tokens * share(BlockPart::v));
  PACKPROOF_LAUNCHER(call_.target, chunk_gated_delta_rule)
  ({.in = rule,
    .o = at.o,
    .final_state = nullptr,
    .workspace = static_cast<std::byte*>(
        rank_.workspace(PACKPROOF_LAUNCHER(call_.target, gated_delta_rule_workspace_bytes)(rule)))},
   rank_.stream);

  void* normed = elements(sizes_.tokens * share(BlockPart::v));
  PACKPROOF_LAUNCHER(call_.target, rms_norm_gated)
  ({.in = norm_inputs(at), .y = normed}, rank_.stream);
  at.normed = to_sequence(normed, sizes_.values());
  return at;
}

void BlockRank::forward() const {
  const BlockActivations at = activations();
  PACKPROOF_LAUNCHER(call_.target, linear)
  ({.rows = token_rows(),
    .in = sizes_.values(),
    .out = sizes_.hidden,
    .x = at.normed,
    .weight = input("out_weight"),
    .y = own_rows(call_.device.output("y"))},
   rank_.stream);
}

}  // namespace packproof::harness
