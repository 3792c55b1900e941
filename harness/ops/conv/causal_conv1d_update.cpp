#include "kernels/conv/causal_conv1d_update/causal_conv1d_update_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/conv/conv_adapter.h"
#include "harness/ops/op_list.h"
#include "kernels/launch/slot_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

constexpr TensorName kIndices = "conv_state_indices";

// The state in place is the output that starts as conv_state; the kernel never sees the input.
Returned ours(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  const Tensor& state = call.device.output("updated_state");
  // Checks everything that can be refused: nothing was written yet.
  const auto [cu_seqlens, segments] = checked_boundaries(call, x.size(0));
  if (call.host.has_input(kIndices))
    kernels::check_slots(call.host.input(kIndices), segments, state.size(0));
  PACKPROOF_LAUNCHER(call.target, causal_conv1d_update)
  ({.dtype = x.dtype,
    .total_tokens = x.size(0),
    .channels = narrow(x.size(1)),
    .width = narrow(call.device.input("weight").size(1)),
    .state_len = narrow(state.size(2)),
    .activation = activation_of(call.device),
    .segments = segments,
    .cu_seqlens = cu_seqlens,
    .slots = optional_input<std::int32_t>(call.device, kIndices),
    .x = x.data,
    .weight = call.device.input("weight").data,
    .bias = optional_input(call.device, "bias"),
    .state = state.data,
    .y = call.device.output("y").data},
   call.stream);
  return all_outputs(call.device);
}

double flops(const Case& the_case) {
  return static_cast<double>(the_case.valid_tokens() * the_case.integer("channels") *
                             (2 * the_case.integer("width") + 5));
}

}  // namespace

Op causal_conv1d_update() {
  return {.form = cases::causal_conv1d_update_form(),
          .ours = ours,
          .reference = reference::causal_conv1d_update_reference,
          .plain = reference::causal_conv1d_update_plain,
          .padded = reference::causal_conv1d_update_padded,
          .bench = {.fields = conv_layer_fields, .lengths = BenchLengths::decode, .flops = flops}};
}

}  // namespace packproof::harness::ops
