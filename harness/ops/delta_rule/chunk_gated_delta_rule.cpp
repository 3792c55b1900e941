#include "kernels/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/delta_rule/delta_rule_adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

// Checks everything that can be refused: nothing was written yet.
GatedDeltaRuleInputs checked_inputs(const DeviceCall& call) {
  const Tensor& k = call.device.input("k");
  const Tensor& v = call.device.input("v");
  const auto [cu_seqlens, segments] = checked_boundaries(call, k.size(0));
  return {.dtype = k.dtype,
          .total_tokens = k.size(0),
          .segments = segments,
          .key_heads = narrow(k.size(1)),
          .value_heads = narrow(v.size(1)),
          .key_dim = narrow(k.size(2)),
          .value_dim = narrow(v.size(2)),
          .norm = key_norm_of(call.device),
          .cu_seqlens = cu_seqlens,
          .q = call.device.input("q").data,
          .k = k.data,
          .v = v.data,
          .g = call.device.input("g").as<const float>(),
          .beta = call.device.input("beta").as<const float>(),
          .initial_state = optional_input<float>(call.device, "initial_state")};
}

Returned ours(const DeviceCall& call) {
  const GatedDeltaRuleInputs in = checked_inputs(call);
  const auto workspace = [&](std::size_t bytes) {
    return static_cast<std::byte*>(call.workspace(bytes));
  };
  const Call& device = call.device;
  if (device.the_case->direction == Direction::fwd) {
    PACKPROOF_LAUNCHER(call.target, chunk_gated_delta_rule)
    ({.in = in,
      .o = device.output("o").data,
      .final_state = optional_output<float>(device, "final_state"),
      .workspace =
          workspace(PACKPROOF_LAUNCHER(call.target, gated_delta_rule_workspace_bytes)(in))},
     call.stream);
    return all_outputs(device);
  }
  PACKPROOF_LAUNCHER(call.target, chunk_gated_delta_rule_backward)
  ({.in = in,
    .dout = device.input("do").data,
    .dfinal_state = optional_input<float>(device, "dfinal_state"),
    .dq = device.output("dq").data,
    .dk = device.output("dk").data,
    .dv = device.output("dv").data,
    .dg = device.output("dg").as<float>(),
    .dbeta = device.output("dbeta").as<float>(),
    .dinitial_state = optional_output<float>(device, "dinitial_state"),
    .workspace =
        workspace(PACKPROOF_LAUNCHER(call.target, gated_delta_rule_backward_workspace_bytes)(in))},
   call.stream);
  return all_outputs(device);
}

std::string layer_fields(const ModelShape& model, Direction direction) {
  return delta_rule_layer_fields(model) + (direction == Direction::fwd ? " state=final" : "");
}

// Backward: each product of the forward pass twice again.
double flops(const Case& the_case) {
  return delta_rule_flops(the_case) * (the_case.direction == Direction::fwd ? 1 : 3);
}

}  // namespace

Op chunk_gated_delta_rule() {
  return {.form = cases::chunk_gated_delta_rule_form(),
          .ours = ours,
          .reference = reference::chunk_gated_delta_rule_reference,
          .plain = reference::chunk_gated_delta_rule_plain,
          .padded = reference::chunk_gated_delta_rule_padded,
          .works_in_chunks = true,
          .bench = {.fields = layer_fields,
                    .flops = flops,
                    .baseline = reference::chunk_gated_delta_rule_timed}};
}

}  // namespace packproof::harness::ops
