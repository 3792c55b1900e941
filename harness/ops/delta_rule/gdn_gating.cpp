#include "kernels/delta_rule/gdn_gating/gdn_gating_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

// Checks everything that can be refused: nothing was written yet.
GdnGatingInputs checked_inputs(const DeviceCall& call) {
  const Tensor& a = call.device.input("a");
  const auto [cu_seqlens, segments] = checked_boundaries(call, a.size(0));
  return {.dtype = a.dtype,
          .total_tokens = a.size(0),
          .heads = narrow(a.size(1)),
          .segments = segments,
          .cu_seqlens = cu_seqlens,
          .a = a.data,
          .b = call.device.input("b").data,
          .A_log = call.device.input("A_log").as<const float>(),
          .dt_bias = call.device.input("dt_bias").as<const float>()};
}

Returned ours(const DeviceCall& call) {
  const GdnGatingInputs in = checked_inputs(call);
  const Call& device = call.device;
  if (device.the_case->direction == Direction::fwd) {
    PACKPROOF_LAUNCHER(call.target, gdn_gating)
    ({.in = in, .g = device.output("g").as<float>(), .beta = device.output("beta").as<float>()},
     call.stream);
    return all_outputs(device);
  }
  const std::size_t workspace_bytes =
      PACKPROOF_LAUNCHER(call.target, gdn_gating_backward_workspace_bytes)(in);
  PACKPROOF_LAUNCHER(call.target, gdn_gating_backward)
  ({.in = in,
    .dg = device.input("dg").as<const float>(),
    .dbeta = device.input("dbeta").as<const float>(),
    .da = device.output("da").data,
    .db = device.output("db").data,
    .dA_log = device.output("dA_log").as<float>(),
    .ddt_bias = device.output("ddt_bias").as<float>(),
    .workspace = static_cast<float*>(call.workspace(workspace_bytes))},
   call.stream);
  return all_outputs(device);
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("heads={}", model.value_heads);
}

// softplus, sigmoid, an exponential and two products; backward as many again for each.
double flops(const Case& the_case) {
  const auto elements = static_cast<double>(the_case.valid_tokens() * the_case.integer("heads"));
  return elements * (the_case.direction == Direction::fwd ? 12 : 24);
}

}  // namespace

Op gdn_gating() {
  return {
      .form = cases::gdn_gating_form(),
      .ours = ours,
      .reference = reference::gdn_gating_reference,
      .plain = reference::gdn_gating_plain,
      .padded = reference::gdn_gating_padded,
      .bench = {.fields = layer_fields, .flops = flops, .baseline = reference::gdn_gating_timed}};
}

}  // namespace packproof::harness::ops
