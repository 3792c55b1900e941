#include "kernels/conv/causal_conv1d_update/causal_conv1d_update_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/conv/conv_adapter.h"
#include "harness/ops/op_list.h"
#include "harness/ops/slot_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/launch/slot_check.h"
#include "reference/conv/causal_conv1d_update/causal_conv1d_update_plain.h"
#include "reference/conv/causal_conv1d_update/causal_conv1d_update_reference.h"
#include "reference/core/padded_baseline.h"

namespace packproof::harness::ops {
namespace {

constexpr const char* kIndices = "conv_state_indices";

// The state in place is the output that starts as conv_state; the kernel never sees the input.
Returned ours(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  const Tensor& state = call.device.output("updated_state");
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  // Checks everything that can be refused: nothing was written yet.
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), x.size(0));
  if (call.host.has_input(kIndices))
    kernels::check_slots(call.host.input(kIndices), cu_seqlens.size(0) - 1, state.size(0));
  PACKPROOF_LAUNCHER(call.target, causal_conv1d_update)
  ({.dtype = x.dtype,
    .total_tokens = x.size(0),
    .channels = static_cast<std::int32_t>(x.size(1)),
    .width = static_cast<std::int32_t>(call.device.input("weight").size(1)),
    .state_len = static_cast<std::int32_t>(state.size(2)),
    .activation = activation_of(call.device),
    .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
    .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .slots = static_cast<const std::int32_t*>(optional_input(call.device, kIndices)),
    .x = x.data,
    .weight = call.device.input("weight").data,
    .bias = optional_input(call.device, "bias"),
    .state = state.data,
    .y = call.device.output("y").data},
   call.stream);
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  reference::CausalConv1dUpdateProblem problem = {
      .x = matrix_of(call.input("x")),
      .weight = matrix_of(call.input("weight")),
      .bias = optional_matrix(call, "bias"),
      .cu_seqlens = integers_of(call.input("cu_seqlens")),
      .state = matrix_of(call.input("conv_state")),
      .slots = slots_of_segments(call, kIndices),
      .silu = !call.the_case->is("activation", "none")};
  const reference::JudgedMatrix y = causal_conv1d_update(problem);
  const Matrix state = causal_conv1d_update_state(problem);
  // The reference moves bit patterns, so that NaN keeps its payload.
  problem.x = bit_patterns_of(call.input("x"));
  problem.state = bit_patterns_of(call.input("conv_state"));
  return {judged("y", y.value, y.magnitude),
          moved("updated_state", state, causal_conv1d_update_state(problem))};
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("channels={} width={} activation=silu bias=absent", conv_channels(model),
                     model.conv_width);
}

double flops(const Case& the_case) {
  return static_cast<double>(the_case.valid_tokens() * the_case.integer("channels") *
                             (2 * the_case.integer("width") + 5));
}

}  // namespace

Op causal_conv1d_update() {
  return {.form = cases::causal_conv1d_update_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = reference::causal_conv1d_update_plain,
          .padded = reference::causal_conv1d_update_padded,
          .bench = {.fields = layer_fields, .lengths = BenchLengths::decode, .flops = flops}};
}

}  // namespace packproof::harness::ops
