#include "kernels/conv/causal_conv1d/causal_conv1d_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/conv/conv_adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

// Checks everything that can be refused: nothing was written yet.
CausalConv1dInputs checked_inputs(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  const auto [cu_seqlens, segments] = checked_boundaries(call, x.size(0));
  return {.dtype = x.dtype,
          .total_tokens = x.size(0),
          .channels = narrow(x.size(1)),
          .width = narrow(call.device.input("weight").size(1)),
          .activation = activation_of(call.device),
          .segments = segments,
          .cu_seqlens = cu_seqlens,
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

// Forward: a product and a sum a tap, and silu (5). Backward: u again, dx and dweight, and the
// derivative of silu (8).
double flops(const Case& the_case) {
  const auto elements = static_cast<double>(the_case.valid_tokens() * the_case.integer("channels"));
  const auto taps = static_cast<double>(2 * the_case.integer("width"));
  return elements * (the_case.direction == Direction::fwd ? taps + 5 : 3 * taps + 8);
}

}  // namespace

Op causal_conv1d() {
  return {
      .form = cases::causal_conv1d_form(),
      .ours = ours,
      .reference = reference::causal_conv1d_reference,
      .plain = reference::causal_conv1d_plain,
      .padded = reference::causal_conv1d_padded,
      .bench = {
          .fields = conv_layer_fields, .flops = flops, .baseline = reference::causal_conv1d_timed}};
}

}  // namespace packproof::harness::ops
