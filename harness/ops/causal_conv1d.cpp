#include "kernels/causal_conv1d/causal_conv1d_kernel.h"

#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "cases/causal_conv1d/causal_conv1d_form.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/host/cu_seqlens_check.h"
#include "reference/causal_conv1d/causal_conv1d_plain.h"
#include "reference/causal_conv1d/causal_conv1d_reference.h"
#include "reference/padded_baseline.h"

namespace packproof::harness::ops {
namespace {

ConvActivation activation_named(const std::string& name) {
  if (name == "none") return ConvActivation::none;
  if (name == "silu" || name == "swish") return ConvActivation::silu;
  throw Refusal(
      fmt::format("activation '{}' is not known to causal_conv1d: use none, silu or swish", name));
}

const void* optional_input(const Call& call, std::string_view name) {
  return call.has_input(name) ? call.input(name).data : nullptr;
}

void* optional_output(const Call& call, std::string_view name) {
  return call.has_output(name) ? call.output(name).data : nullptr;
}

// Checks everything that can be refused: nothing was written yet.
CausalConv1dInputs checked_inputs(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), x.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  return {.dtype = x.dtype,
          .total_tokens = x.size(0),
          .channels = static_cast<std::int32_t>(x.size(1)),
          .width = static_cast<std::int32_t>(call.device.input("weight").size(1)),
          .activation = activation_named(call.device.the_case->word("activation")),
          .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
          .x = x.data,
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
    .dfinal_state = optional_input(call.device, "dfinal_state"),
    .dx = call.device.output("dx").data,
    .dweight = call.device.output("dweight").data,
    .dbias = optional_output(call.device, "dbias"),
    .dinitial_state = optional_output(call.device, "dinitial_state"),
    .workspace = static_cast<float*>(call.workspace(workspace_bytes))},
   call.stream);
  return all_outputs(call.device);
}

Matrix optional_matrix(const Call& call, std::string_view name) {
  return call.has_input(name) ? matrix_of(call.input(name)) : Matrix();
}

reference::CausalConv1dProblem problem_of(const Call& call) {
  return {.x = matrix_of(call.input("x")),
          .weight = matrix_of(call.input("weight")),
          .bias = optional_matrix(call, "bias"),
          .cu_seqlens = integers_of(call.input("cu_seqlens")),
          .initial_state = optional_matrix(call, "initial_state"),
          .silu = !call.the_case->is("activation", "none")};
}

// The bit patterns of a tensor as numbers: exact in a double up to 32 bits.
Matrix bits_of(const Tensor& tensor) {
  Matrix bits(tensor.size(0), tensor.size(0) == 0 ? 0 : tensor.count() / tensor.size(0));
  const std::size_t bytes = size_of(tensor.dtype);
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    std::uint32_t pattern = 0;  // the low bytes come first on every host that this runs on
    std::memcpy(&pattern, tensor.as<const std::byte>() + static_cast<std::size_t>(i) * bytes,
                bytes);
    bits.data()[i] = static_cast<double>(pattern);
  }
  return bits;
}

// The reference moves bit patterns, so that NaN keeps its payload.
ReferenceTensor final_state_of(const Call& call, reference::CausalConv1dProblem problem) {
  const Matrix value = causal_conv1d_final_state(problem);
  problem.x = bits_of(call.input("x"));
  if (call.has_input("initial_state")) problem.initial_state = bits_of(call.input("initial_state"));
  const Matrix bits = causal_conv1d_final_state(problem);
  ReferenceTensor state{.name = "final_state",
                        .value = {value.data(), value.data() + value.size()},
                        .magnitude = {},
                        .bits = {}};
  for (Eigen::Index i = 0; i < bits.size(); ++i)
    state.bits.push_back(static_cast<std::uint64_t>(bits.data()[i]));
  return state;
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

}  // namespace

Op causal_conv1d() {
  return {.form = cases::causal_conv1d_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = plain,
          .padded = reference::causal_conv1d_padded};
}

}  // namespace packproof::harness::ops
