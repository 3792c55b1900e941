#include "harness/ops/layer/gated_delta_net_block_rank.h"

#include <array>

namespace packproof::harness {

void BlockRank::backward() const {
  const BlockActivations at = activations();
  // y = normed out_weight^T
  void* dnormed = elements(sizes_.own_tokens() * sizes_.values());
  LinearBackwardInputParams out{
      .rows = token_rows(), .in = sizes_.values(), .terms = 1, .term = {}, .dx = dnormed};
  out.term[0] = {.dy = own_rows(call_.device.input("dy")),
                 .weight = input("out_weight"),
                 .out = sizes_.hidden};
  PACKPROOF_LAUNCHER(call_.target, linear_backward_input)(out, rank_.stream);

  const HeadGradients by_heads = head_gradients(at, to_heads(dnormed, sizes_.values()));
  BlockParts d;  // by sequence
  for (const BlockPart part : kBlockParts)
    d[part] = to_sequence(by_heads.parts[part], sizes_.width(part));
  hidden_gradient(d);
  summed_gradients(at, d, by_heads.norm_weight);
}

BlockRank::HeadGradients BlockRank::head_gradients(const BlockActivations& at,
                                                   const void* dnormed) const {
  HeadGradients d{.parts = {}, .norm_weight = floats(sizes_.value_dim)};
  const std::int64_t tokens = sizes_.tokens;
  const auto like = [&](BlockPart part) { return elements(tokens * share(part)); };

  const RmsNormGatedInputs norm = norm_inputs(at);
  void* dout = like(BlockPart::v);
  d.parts[BlockPart::z] = like(BlockPart::z);
  PACKPROOF_LAUNCHER(call_.target, rms_norm_gated_backward)
  ({.in = norm,
    .dy = dnormed,
    .dx = dout,
    .dz = d.parts[BlockPart::z],
    .dweight = nullptr,
    .workspace = static_cast<float*>(rank_.workspace(
        PACKPROOF_LAUNCHER(call_.target, rms_norm_gated_backward_workspace_bytes)(norm))),
    .dweight_sum = d.norm_weight},
   rank_.stream);

  const GatedDeltaRuleInputs rule = delta_rule_inputs(at);
  BlockParts upstream;
  for (const BlockPart part : kConvParts) upstream[part] = like(part);
  float* dg = floats(tokens * share(BlockPart::a));
  float* dbeta = floats(tokens * share(BlockPart::b));
  PACKPROOF_LAUNCHER(call_.target, chunk_gated_delta_rule_backward)
  ({.in = rule,
    .dout = dout,
    .dfinal_state = nullptr,
    .dq = upstream[BlockPart::q],
    .dk = upstream[BlockPart::k],
    .dv = upstream[BlockPart::v],
    .dg = dg,
    .dbeta = dbeta,
    .dinitial_state = nullptr,
    .workspace = static_cast<std::byte*>(rank_.workspace(
        PACKPROOF_LAUNCHER(call_.target, gated_delta_rule_backward_workspace_bytes)(rule)))},
   rank_.stream);
  gating_backward(at, dg, dbeta, d.parts);
  conv_backward(at, upstream, d.parts);
  return d;
}

void BlockRank::gating_backward(const BlockActivations& at, const float* dg, const float* dbeta,
                                BlockParts& d) const {
  const GdnGatingInputs in = gating_inputs(at);
  float* dA_log = floats(in.heads);
  float* ddt_bias = floats(in.heads);
  d[BlockPart::a] = elements(sizes_.tokens * in.heads);
  d[BlockPart::b] = elements(sizes_.tokens * in.heads);
  PACKPROOF_LAUNCHER(call_.target, gdn_gating_backward)
  ({.in = in,
    .dg = dg,
    .dbeta = dbeta,
    .da = d[BlockPart::a],
    .db = d[BlockPart::b],
    .dA_log = dA_log,
    .ddt_bias = ddt_bias,
    .workspace = static_cast<float*>(rank_.workspace(
        PACKPROOF_LAUNCHER(call_.target, gdn_gating_backward_workspace_bytes)(in)))},
   rank_.stream);
  const std::size_t bytes = static_cast<std::size_t>(in.heads) * sizeof(float);
  rank_.all_gather(dA_log, own_copy("dA_log"), bytes);
  rank_.all_gather(ddt_bias, own_copy("ddt_bias"), bytes);
}

void BlockRank::conv_backward(const BlockActivations& at, const BlockParts& upstream,
                              BlockParts& d) const {
  for (const BlockPart part : kConvParts) {
    const CausalConv1dInputs in = conv_inputs(at, part);
    const std::int64_t taps = share(part) * in.width;
    void* dweight = elements(taps);
    d[part] = elements(sizes_.tokens * share(part));
    PACKPROOF_LAUNCHER(call_.target, causal_conv1d_backward)
    ({.in = in,
      .dy = upstream[part],
      .dy_row_stride = share(part),
      .dfinal_state = nullptr,
      .dx = d[part],
      .dweight = dweight,
      .dbias = nullptr,
      .dinitial_state = nullptr,
      .workspace = static_cast<float*>(rank_.workspace(
          PACKPROOF_LAUNCHER(call_.target, causal_conv1d_backward_workspace_bytes)(in)))},
     rank_.stream);
    // A part's channels are in the order of heads, and so of ranks.
    rank_.all_gather(dweight, at_element(own_copy("dconv_weight"), sizes_.channel(part) * in.width),
                     static_cast<std::size_t>(taps * element_bytes()));
  }
}

void BlockRank::hidden_gradient(const BlockParts& d) const {
  LinearBackwardInputParams in{.rows = token_rows(),
                               .in = sizes_.hidden,
                               .terms = static_cast<std::int32_t>(kBlockParts.size()),
                               .term = {},
                               .dx = own_rows(call_.device.output("dhidden"))};
  for (const BlockPart part : kBlockParts)
    in.term[static_cast<std::size_t>(part)] = {
        .dy = d[part], .weight = weight(part), .out = sizes_.width(part)};
  PACKPROOF_LAUNCHER(call_.target, linear_backward_input)(in, rank_.stream);
}

void BlockRank::summed_gradients(const BlockActivations& at, const BlockParts& d,
                                 float* dnorm_weight) const {
  const Call& device = call_.device;
  constexpr std::array kSummed = {"dqkv_weight", "dz_weight", "db_weight", "da_weight",
                                  "dout_weight"};
  std::int64_t total = 0;
  for (const char* name : kSummed) total += device.output(TensorName(name)).count() / sizes_.world;
  float* sums = floats(total);

  float* next = sums;
  const auto add = [&](const void* dy, std::int64_t out, const void* x, std::int64_t in) {
    PACKPROOF_LAUNCHER(call_.target, linear_backward_weight)
    ({.rows = token_rows(), .in = in, .out = out, .dy = dy, .x = x, .dweight = next}, rank_.stream);
    next += out * in;
  };
  // In the order of kSummed: q, k and v are the rows of qkv.
  for (const BlockPart part : kBlockParts)
    add(d[part], sizes_.width(part), own_rows(device.input("hidden")), sizes_.hidden);
  add(own_rows(device.input("dy")), sizes_.hidden, at.normed, sizes_.values());
  rank_.all_reduce(sums, total, DType::fp32);

  const auto give = [&](const char* name, const float* from) {
    const std::int64_t count = device.output(TensorName(name)).count() / sizes_.world;
    PACKPROOF_LAUNCHER(call_.target, round_sums)
    ({.dtype = sizes_.dtype, .count = count, .sums = from, .rounded = own_copy(name)},
     rank_.stream);
    return from + count;
  };
  const float* from = sums;
  for (const char* name : kSummed) from = give(name, from);
  rank_.all_reduce(dnorm_weight, sizes_.value_dim, DType::fp32);
  give("dnorm_weight", dnorm_weight);
}

}  // namespace packproof::harness
