#include "kernels/norm/rms_norm_gated/rms_norm_gated_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/norm/rms_norm_gated/rms_norm_gated_plain.h"
#include "reference/norm/rms_norm_gated/rms_norm_gated_reference.h"

namespace packproof::harness::ops {
namespace {

constexpr double kEps = 1e-6;

// Checks everything that can be refused: nothing was written yet.
RmsNormGatedInputs checked_inputs(const DeviceCall& call) {
  const Tensor& x = call.device.input("x");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), x.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  return {.dtype = x.dtype,
          .total_tokens = x.size(0),
          .heads = static_cast<std::int32_t>(x.size(1)),
          .dim = static_cast<std::int32_t>(x.size(2)),
          .eps = static_cast<float>(kEps),
          .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
          .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
          .x = x.data,
          .z = call.device.input("z").data,
          .weight = call.device.input("weight").data};
}

Returned ours(const DeviceCall& call) {
  const RmsNormGatedInputs in = checked_inputs(call);
  const Call& device = call.device;
  if (device.the_case->direction == Direction::fwd) {
    PACKPROOF_LAUNCHER(call.target, rms_norm_gated)
    ({.in = in, .y = device.output("y").data}, call.stream);
    return all_outputs(device);
  }
  const std::size_t workspace_bytes =
      PACKPROOF_LAUNCHER(call.target, rms_norm_gated_backward_workspace_bytes)(in);
  const Tensor& dweight = device.output("dweight");
  // A layer adds up those of its ranks before they are rounded.
  const bool is_rounded = dweight.dtype == in.dtype;
  PACKPROOF_LAUNCHER(call.target, rms_norm_gated_backward)
  ({.in = in,
    .dy = device.input("dy").data,
    .dx = device.output("dx").data,
    .dz = device.output("dz").data,
    .dweight = is_rounded ? dweight.data : nullptr,
    .workspace = static_cast<float*>(call.workspace(workspace_bytes)),
    .dweight_sum = is_rounded ? nullptr : dweight.as<float>()},
   call.stream);
  return all_outputs(device);
}

ReferenceResult reference_of(const Call& call) {
  const reference::RmsNormGatedProblem problem = {
      .x = matrix_of(call.input("x")),
      .z = matrix_of(call.input("z")),
      .weight = matrix_of(call.input("weight")),
      .eps = kEps,
      .cu_seqlens = integers_of(call.input("cu_seqlens"))};
  const auto result = [](const char* name, const reference::JudgedMatrix& m) {
    return judged(name, m.value, m.magnitude);
  };
  if (call.the_case->direction == Direction::fwd) return {result("y", rms_norm_gated(problem))};
  const reference::RmsNormGatedGradients d =
      rms_norm_gated_backward(problem, matrix_of(call.input("dy")));
  return {result("dx", d.x), result("dz", d.z), result("dweight", d.weight)};
}

Returned plain(const Call& call) {
  return call.the_case->direction == Direction::fwd ? reference::rms_norm_gated_fwd_plain(call)
                                                    : reference::rms_norm_gated_bwd_plain(call);
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("heads={} dim={}", model.value_heads, model.value_dim);
}

// Forward: square, sum, two products, silu (5) and its product. Backward: about three times that.
double flops(const Case& the_case) {
  const auto elements = static_cast<double>(the_case.valid_tokens() * the_case.integer("heads") *
                                            the_case.integer("dim"));
  return elements * (the_case.direction == Direction::fwd ? 10 : 30);
}

}  // namespace

Op rms_norm_gated() {
  return {.form = cases::rms_norm_gated_form(),
          .ours = ours,
          .reference = reference_of,
          .plain = plain,
          .padded = reference::rms_norm_gated_padded,
          .bench = {
              .fields = layer_fields, .flops = flops, .baseline = reference::rms_norm_gated_timed}};
}

}  // namespace packproof::harness::ops
