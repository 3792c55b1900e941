#include "kernels/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "harness/ops/slot_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/launch/slot_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_plain.h"
#include "reference/delta_rule/fused_recurrent_gated_delta_rule/fused_recurrent_gated_delta_rule_reference.h"

namespace packproof::harness::ops {
namespace {

constexpr const char* kIndices = "state_indices";

std::int32_t narrow(std::int64_t value) { return static_cast<std::int32_t>(value); }

// The state in place is the output that starts as state; the kernel never sees the input.
Returned ours(const DeviceCall& call) {
  const Call& device = call.device;
  const Tensor& k = device.input("k");
  const Tensor& v = device.input("v");
  const Tensor& state = device.output("updated_state");
  const Tensor& cu_seqlens = device.input("cu_seqlens");
  // Checks everything that can be refused: nothing was written yet.
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), k.size(0));
  if (call.host.has_input(kIndices))
    kernels::check_slots(call.host.input(kIndices), cu_seqlens.size(0) - 1, state.size(0));
  PACKPROOF_LAUNCHER(call.target, fused_recurrent_gated_delta_rule)
  ({.dtype = k.dtype,
    .total_tokens = k.size(0),
    .segments = narrow(cu_seqlens.size(0) - 1),
    .key_heads = narrow(k.size(1)),
    .value_heads = narrow(v.size(1)),
    .key_dim = narrow(k.size(2)),
    .value_dim = narrow(v.size(2)),
    .norm = device.the_case->is("l2norm", "inside") ? KeyNorm::l2 : KeyNorm::none,
    .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .slots = device.has_input(kIndices) ? device.input(kIndices).as<const std::int32_t>() : nullptr,
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

ReferenceResult reference_of(const Call& call) {
  const reference::FusedRecurrentOutputs out = reference::fused_recurrent_gated_delta_rule(
      {.key_heads = call.input("k").size(1),
       .value_heads = call.input("v").size(1),
       .key_dim = call.input("k").size(2),
       .value_dim = call.input("v").size(2),
       .q = matrix_of(call.input("q")),
       .k = matrix_of(call.input("k")),
       .v = matrix_of(call.input("v")),
       .g = matrix_of(call.input("g")),
       .beta = matrix_of(call.input("beta")),
       .cu_seqlens = integers_of(call.input("cu_seqlens")),
       .state = matrix_of(call.input("state")),
       .slots = slots_of_segments(call, kIndices),
       .normalize = call.the_case->is("l2norm", "inside")});
  return {judged("o", out.o.value, out.o.magnitude),
          judged("updated_state", out.state.value, out.state.magnitude)};
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("key_heads={} value_heads={} key_dim={} value_dim={}", model.key_heads,
                     model.value_heads, model.key_dim, model.value_dim);
}

// As for chunk_gated_delta_rule.
double flops(const Case& the_case) {
  const auto state =
      static_cast<double>(the_case.integer("key_dim") * the_case.integer("value_dim"));
  return 7 * state * static_cast<double>(the_case.valid_tokens() * the_case.integer("value_heads"));
}

}  // namespace

Op fused_recurrent_gated_delta_rule() {
  return {.form = cases::fused_recurrent_gated_delta_rule_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = reference::fused_recurrent_gated_delta_rule_plain,
          .padded = reference::fused_recurrent_gated_delta_rule_padded,
          .bench = {.fields = layer_fields, .lengths = BenchLengths::decode, .flops = flops}};
}

}  // namespace packproof::harness::ops
