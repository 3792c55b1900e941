#include "kernels/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_kernel.h"

#include <string_view>

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_plain.h"
#include "reference/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_reference.h"

namespace packproof::harness::ops {
namespace {

template <class T>
const T* optional_input(const Call& call, std::string_view name) {
  return call.has_input(name) ? call.input(name).as<const T>() : nullptr;
}

template <class T>
T* optional_output(const Call& call, std::string_view name) {
  return call.has_output(name) ? call.output(name).as<T>() : nullptr;
}

std::int32_t narrow(std::int64_t value) { return static_cast<std::int32_t>(value); }

// Checks everything that can be refused: nothing was written yet.
GatedDeltaRuleInputs checked_inputs(const DeviceCall& call) {
  const Tensor& k = call.device.input("k");
  const Tensor& v = call.device.input("v");
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), k.size(0));
  const bool normalize = call.device.the_case->is("l2norm", "inside");
  return {.dtype = k.dtype,
          .total_tokens = k.size(0),
          .segments = narrow(cu_seqlens.size(0) - 1),
          .key_heads = narrow(k.size(1)),
          .value_heads = narrow(v.size(1)),
          .key_dim = narrow(k.size(2)),
          .value_dim = narrow(v.size(2)),
          .norm = normalize ? KeyNorm::l2 : KeyNorm::none,
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
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

Matrix optional_matrix(const Call& call, std::string_view name) {
  return call.has_input(name) ? matrix_of(call.input(name)) : Matrix();
}

reference::GatedDeltaRuleProblem problem_of(const Call& call) {
  return {.key_heads = call.input("k").size(1),
          .value_heads = call.input("v").size(1),
          .key_dim = call.input("k").size(2),
          .value_dim = call.input("v").size(2),
          .q = matrix_of(call.input("q")),
          .k = matrix_of(call.input("k")),
          .v = matrix_of(call.input("v")),
          .g = matrix_of(call.input("g")),
          .beta = matrix_of(call.input("beta")),
          .cu_seqlens = integers_of(call.input("cu_seqlens")),
          .initial_state = optional_matrix(call, "initial_state"),
          .normalize = call.the_case->is("l2norm", "inside")};
}

ReferenceResult reference_of(const Call& call) {
  const reference::GatedDeltaRuleProblem problem = problem_of(call);
  ReferenceResult results;
  const auto give = [&](const char* name, const reference::JudgedMatrix& rows) {
    if (call.has_output(name)) results.push_back(judged(name, rows.value, rows.magnitude));
  };
  if (call.the_case->direction == Direction::fwd) {
    const auto out = reference::gated_delta_rule(problem);
    give("o", out.o);
    give("final_state", out.final_state);
    return results;
  }
  const auto d = reference::gated_delta_rule_backward(problem, matrix_of(call.input("do")),
                                                      optional_matrix(call, "dfinal_state"));
  give("dq", d.q);
  give("dk", d.k);
  give("dv", d.v);
  give("dg", d.g);
  give("dbeta", d.beta);
  give("dinitial_state", d.initial_state);
  return results;
}

Returned plain(const Call& call) {
  return call.the_case->direction == Direction::fwd
             ? reference::chunk_gated_delta_rule_fwd_plain(call)
             : reference::chunk_gated_delta_rule_bwd_plain(call);
}

std::string layer_fields(const ModelShape& model, Direction direction) {
  return fmt::format("key_heads={} value_heads={} key_dim={} value_dim={}{}", model.key_heads,
                     model.value_heads, model.key_dim, model.value_dim,
                     direction == Direction::fwd ? " state=final" : "");
}

// Token by token, as ops are defined: of the state S [key_dim, value_dim] a decay, a product with
// k, an update and a product with q. Backward: each product twice again.
double flops(const Case& the_case) {
  const auto state =
      static_cast<double>(the_case.integer("key_dim") * the_case.integer("value_dim"));
  const auto heads = static_cast<double>(the_case.valid_tokens() * the_case.integer("value_heads"));
  return heads * state * (the_case.direction == Direction::fwd ? 7 : 21);
}

}  // namespace

Op chunk_gated_delta_rule() {
  return {.form = cases::chunk_gated_delta_rule_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = plain,
          .padded = reference::chunk_gated_delta_rule_padded,
          .works_in_chunks = true,
          .bench = {.fields = layer_fields,
                    .flops = flops,
                    .baseline = reference::chunk_gated_delta_rule_timed}};
}

}  // namespace packproof::harness::ops
