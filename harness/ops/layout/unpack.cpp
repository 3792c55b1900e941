#include "kernels/layout/unpack/unpack_kernel.h"

#include <fmt/format.h>

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/row_move_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "kernels/layout/mask_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/unpack/unpack_reference.h"

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
    .tile_tokens = scratch<std::int32_t>(call, mask_tiles(mask.count()) + 1),
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
    .tile_tokens = scratch<std::int32_t>(call, mask_tiles(mask.count()) + 1),
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

ReferenceResult reference_of(const Call& call) {
  const reference::Mask mask = table_of(call.input("mask"));
  const Integers cu_seqlens = integers_of(call.input("cu_seqlens"));
  if (call.has_output("padded")) {
    const Tensor& packed = call.input("packed");
    return {moved("padded", packed.dtype, reference::unpack(bits_of(packed), mask, cu_seqlens))};
  }
  const Tensor& dpadded = call.input("dpadded");
  return {moved("dpacked", dpadded.dtype,
                reference::unpack_backward(bits_of(dpadded), mask, cu_seqlens,
                                           call.output("dpacked").size(0)))};
}

std::string layer_fields(const ModelShape& model, Direction) {
  return fmt::format("features={}", model.hidden);
}

}  // namespace

Op unpack() {
  return {.form = cases::unpack_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::unpack_padded,
          .bench = {.fields = layer_fields}};
}

}  // namespace packproof::harness::ops
