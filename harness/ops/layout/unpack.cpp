#include "kernels/layout/unpack/unpack_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/layout/mask_adapter.h"
#include "harness/ops/op_list.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/layout/mask_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned forward(const DeviceCall& call) {
  const Tensor& mask = call.device.input("mask");
  const Tensor& padded = call.device.output("padded");
  PACKPROOF_LAUNCHER(call.target, unpack)
  ({.mask = mask.as<const std::uint8_t>(),
    .batch = mask.size(0),
    .length = mask.size(1),
    .packed = call.device.input("packed").data,
    .row_bytes = row_bytes(padded),
    .padded = padded.data,
    .tile_tokens = tile_tokens(call, mask),
    .row_of_place = scratch<std::int32_t>(call, mask.count())},
   call.stream);
  return all_outputs(call.device);
}

Returned backward(const DeviceCall& call) {
  const Tensor& mask = call.device.input("mask");
  const Tensor& dpacked = call.device.output("dpacked");
  PACKPROOF_LAUNCHER(call.target, unpack_backward)
  ({.mask = mask.as<const std::uint8_t>(),
    .batch = mask.size(0),
    .length = mask.size(1),
    .dpadded = call.device.input("dpadded").data,
    .row_bytes = row_bytes(dpacked),
    .total_tokens = dpacked.size(0),
    .dpacked = dpacked.data,
    .tile_tokens = tile_tokens(call, mask),
    .place_of_row = scratch<std::int64_t>(call, dpacked.size(0))},
   call.stream);
  return all_outputs(call.device);
}

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("padded");
  const Tensor& packed = is_forward ? call.host.input("packed") : call.host.output("dpacked");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), packed.size(0));
  kernels::check_mask(call.host.input("mask"));
  kernels::check_mask_agrees(call.host.input("mask"), call.host.input("cu_seqlens"));
  return is_forward ? forward(call) : backward(call);
}

}  // namespace

Op unpack() {
  return {.form = cases::unpack_form(),
          .ours = ours,
          .reference = reference::unpack_reference,
          .padded = reference::unpack_padded,
          .bench = {.fields = hidden_rows}};
}

}  // namespace packproof::harness::ops
