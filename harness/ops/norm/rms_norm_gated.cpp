#include "kernels/norm/rms_norm_gated/rms_norm_gated_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/norm/norm_adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const Call& device = call.device;
  auto in = checked_head_rows<RmsNormGatedInputs>(call);
  in.z = device.input("z").data;
  in.weight = device.input("weight").data;
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

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("heads={} dim={}", model.value_heads, model.value_dim);
}

// Forward: square, sum, two products, silu (5) and its product. Backward: about three times that.
double flops(const Case& the_case) {
  return valid_elements(the_case) * (the_case.direction == Direction::fwd ? 10 : 30);
}

}  // namespace

Op rms_norm_gated() {
  return {.form = cases::rms_norm_gated_form(),
          .ours = ours,
          .reference = reference::rms_norm_gated_reference,
          .plain = reference::rms_norm_gated_plain,
          .padded = reference::rms_norm_gated_padded,
          .bench = {
              .fields = layer_fields, .flops = flops, .baseline = reference::rms_norm_gated_timed}};
}

}  // namespace packproof::harness::ops
