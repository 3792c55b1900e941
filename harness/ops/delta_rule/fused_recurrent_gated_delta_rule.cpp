#include "kernels/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/delta_rule/delta_rule_adapter.h"
#include "harness/ops/op_list.h"
#include "kernels/launch/slot_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

constexpr TensorName kIndices = "state_indices";

// The state in place is the output that starts as state; the kernel never sees the input.
Returned ours(const DeviceCall& call) {
  const Call& device = call.device;
  const Tensor& k = device.input("k");
  const Tensor& v = device.input("v");
  const Tensor& state = device.output("updated_state");
  // Checks everything that can be refused: nothing was written yet.
  const auto [cu_seqlens, segments] = checked_boundaries(call, k.size(0));
  if (call.host.has_input(kIndices))
    kernels::check_slots(call.host.input(kIndices), segments, state.size(0));
  PACKPROOF_LAUNCHER(call.target, fused_recurrent_gated_delta_rule)
  ({.dtype = k.dtype,
    .total_tokens = k.size(0),
    .segments = segments,
    .key_heads = narrow(k.size(1)),
    .value_heads = narrow(v.size(1)),
    .key_dim = narrow(k.size(2)),
    .value_dim = narrow(v.size(2)),
    .norm = key_norm_of(device),
    .cu_seqlens = cu_seqlens,
    .slots = optional_input<std::int32_t>(device, kIndices),
    .q = device.input("q").data,
    .k = k.data,
    .v = v.data,
    .g = device.input("g").as<const float>(),
    .beta = device.input("beta").as<const float>(),
    .state = state.as<float>(),
    .o = device.output("o").data},
   call.stream);
  return all_outputs(device);
}

std::string layer_fields(const ModelShape& model, Direction) {
  return delta_rule_layer_fields(model);
}

}  // namespace

Op fused_recurrent_gated_delta_rule() {
  return {.form = cases::fused_recurrent_gated_delta_rule_form(),
          .ours = ours,
          .reference = reference::fused_recurrent_gated_delta_rule_reference,
          .plain = reference::fused_recurrent_gated_delta_rule_plain,
          .padded = reference::fused_recurrent_gated_delta_rule_padded,
          .bench = {
              .fields = layer_fields, .lengths = BenchLengths::decode, .flops = delta_rule_flops}};
}

}  // namespace packproof::harness::ops
