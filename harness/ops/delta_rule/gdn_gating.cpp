#include "kernels/delta_rule/gdn_gating/gdn_gating_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/delta_rule/gdn_gating/gdn_gating_plain.h"
#include "reference/delta_rule/gdn_gating/gdn_gating_reference.h"

namespace packproof::harness::ops {
namespace {

// Checks everything that can be refused: nothing was written yet.
GdnGatingInputs checked_inputs(const DeviceCall& call) {
  const Tensor& a = call.device.input("a");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), a.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  return {.dtype = a.dtype,
          .total_tokens = a.size(0),
          .heads = static_cast<std::int32_t>(a.size(1)),
          .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
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

ReferenceResult reference_of(const Call& call) {
  const reference::GdnGatingProblem problem = {.a = matrix_of(call.input("a")),
                                               .b = matrix_of(call.input("b")),
                                               .A_log = matrix_of(call.input("A_log")),
                                               .dt_bias = matrix_of(call.input("dt_bias")),
                                               .cu_seqlens = integers_of(call.input("cu_seqlens"))};
  const auto result = [](const char* name, const reference::JudgedMatrix& m) {
    return judged(name, m.value, m.magnitude);
  };
  if (call.the_case->direction == Direction::fwd) {
    const reference::GdnGates gates = gdn_gating(problem);
    return {result("g", gates.g), result("beta", gates.beta)};
  }
  const reference::GdnGatingGradients d =
      gdn_gating_backward(problem, matrix_of(call.input("dg")), matrix_of(call.input("dbeta")));
  return {result("da", d.a), result("db", d.b), result("dA_log", d.A_log),
          result("ddt_bias", d.dt_bias)};
}

Returned plain(const Call& call) {
  return call.the_case->direction == Direction::fwd ? reference::gdn_gating_fwd_plain(call)
                                                    : reference::gdn_gating_bwd_plain(call);
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
      .reference = reference_of,
      .plain = plain,
      .padded = reference::gdn_gating_padded,
      .bench = {.fields = layer_fields, .flops = flops, .baseline = reference::gdn_gating_timed}};
}

}  // namespace packproof::harness::ops
