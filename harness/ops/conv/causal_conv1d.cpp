#include "kernels/conv/causal_conv1d/causal_conv1d_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/conv/conv_adapter.h"
#include "harness/ops/op_list.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/conv/causal_conv1d/causal_conv1d_plain.h"
#include "reference/conv/causal_conv1d/causal_conv1d_reference.h"
#include "reference/core/padded_baseline.h"

namespace packproof::harness::ops {
namespace {

// Checks everything that can be refused: nothing was written yet.
CausalConv1dInputs checked_inputs(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), x.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  return {.dtype = x.dtype,
          .total_tokens = x.size(0),
          .channels = static_cast<std::int32_t>(x.size(1)),
          .width = static_cast<std::int32_t>(call.device.input("weight").size(1)),
          .activation = activation_of(call.device),
          .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
          .x = x.data,
          .x_row_stride = x.row_pitch(),
          .weight = call.device.input("weight").data,
          .bias = optional_input(call.device, "bias"),
          .initial_state = optional_input(call.device, "initial_state")};
}

Returned ours(const DeviceCall& call) {
  const CausalConv1dInputs in = checked_inputs(call);
  if (call.device.the_case->direction == Direction::fwd) {
    PACKPROOF_LAUNCHER(call.target, causal_conv1d)
    ({.in = in,
      .y = call.device.output("y").data,
      .final_state = optional_output(call.device, "final_state")},
     call.stream);
    return all_outputs(call.device);
  }
  const std::size_t workspace_bytes =
      PACKPROOF_LAUNCHER(call.target, causal_conv1d_backward_workspace_bytes)(in);
  PACKPROOF_LAUNCHER(call.target, causal_conv1d_backward)
  ({.in = in,
    .dy = call.device.input("dy").data,
    .dy_row_stride = call.device.input("dy").row_pitch(),
    .dfinal_state = optional_input(call.device, "dfinal_state"),
    .dx = call.device.output("dx").data,
    .dweight = call.device.output("dweight").data,
    .dbias = optional_output(call.device, "dbias"),
    .dinitial_state = optional_output(call.device, "dinitial_state"),
    .workspace = static_cast<float*>(call.workspace(workspace_bytes))},
   call.stream);
  return all_outputs(call.device);
}

reference::CausalConv1dProblem problem_of(const Call& call) {
  return {.x = matrix_of(call.input("x")),
          .weight = matrix_of(call.input("weight")),
          .bias = optional_matrix(call, "bias"),
          .cu_seqlens = integers_of(call.input("cu_seqlens")),
          .initial_state = optional_matrix(call, "initial_state"),
          .silu = !call.the_case->is("activation", "none")};
}

// The reference moves bit patterns, so that NaN keeps its payload.
ReferenceTensor final_state_of(const Call& call, reference::CausalConv1dProblem problem) {
  const Matrix value = causal_conv1d_final_state(problem);
  problem.x = bit_patterns_of(call.input("x"));
  if (call.has_input("initial_state"))
    problem.initial_state = bit_patterns_of(call.input("initial_state"));
  return moved("final_state", value, causal_conv1d_final_state(problem));
}

ReferenceResult reference_of(const Call& call) {
  const reference::CausalConv1dProblem problem = problem_of(call);
  ReferenceResult results;
  const auto give = [&](const char* name, const reference::JudgedMatrix& m) {
    if (call.has_output(name)) results.push_back(judged(name, m.value, m.magnitude));
  };
  if (call.the_case->direction == Direction::fwd) {
    give("y", causal_conv1d(problem));
    if (call.has_output("final_state")) results.push_back(final_state_of(call, problem));
    return results;
  }
  const auto gradients = causal_conv1d_backward(problem, matrix_of(call.input("dy")),
                                                optional_matrix(call, "dfinal_state"));
  give("dx", gradients.x);
  give("dweight", gradients.weight);
  give("dbias", gradients.bias);
  give("dinitial_state", gradients.initial_state);
  return results;
}

Returned plain(const Call& call) {
  return call.the_case->direction == Direction::fwd ? reference::causal_conv1d_fwd_plain(call)
                                                    : reference::causal_conv1d_bwd_plain(call);
}

// As the models have it: without a bias, silu behind it.
std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("channels={} width={} activation=silu bias=absent", conv_channels(model),
                     model.conv_width);
}

// Forward: a product and a sum a tap, and silu (5). Backward: u again, dx and dweight, and the
// derivative of silu (8).
double flops(const Case& the_case) {
  const auto elements = static_cast<double>(the_case.valid_tokens() * the_case.integer("channels"));
  const auto taps = static_cast<double>(2 * the_case.integer("width"));
  return elements * (the_case.direction == Direction::fwd ? taps + 5 : 3 * taps + 8);
}

}  // namespace

Op causal_conv1d() {
  return {.form = cases::causal_conv1d_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = plain,
          .padded = reference::causal_conv1d_padded,
          .bench = {
              .fields = layer_fields, .flops = flops, .baseline = reference::causal_conv1d_timed}};
}

}  // namespace packproof::harness::ops
