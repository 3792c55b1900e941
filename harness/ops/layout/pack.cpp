#include "kernels/layout/pack/pack_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/layout/mask_adapter.h"
#include "harness/ops/op_list.h"
#include "kernels/layout/mask_check.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned forward(const DeviceCall& call) {
  const Tensor& mask = call.device.input("mask");
  const Tensor& packed = call.device.output("packed");
  PACKPROOF_LAUNCHER(call.target, pack)
  ({.mask = mask.as<const std::uint8_t>(),
    .batch = mask.size(0),
    .length = mask.size(1),
    .padded = call.device.input("padded").data,
    .row_bytes = row_bytes(packed),
    .total_tokens = packed.size(0),
    .packed = packed.data,
    .cu_seqlens = call.device.output("cu_seqlens").as<std::int32_t>(),
    .tile_tokens = tile_tokens(call, mask),
    .place_of_row = scratch<std::int64_t>(call, packed.size(0))},
   call.stream);
  return all_outputs(call.device);
}

Returned backward(const DeviceCall& call) {
  const Tensor& mask = call.device.input("mask");
  const Tensor& dpadded = call.device.output("dpadded");
  PACKPROOF_LAUNCHER(call.target, pack_backward)
  ({.mask = mask.as<const std::uint8_t>(),
    .batch = mask.size(0),
    .length = mask.size(1),
    .dpacked = call.device.input("dpacked").data,
    .row_bytes = row_bytes(dpadded),
    .dpadded = dpadded.data,
    .tile_tokens = tile_tokens(call, mask),
    .row_of_place = scratch<std::int32_t>(call, mask.count())},
   call.stream);
  return all_outputs(call.device);
}

Returned ours(const DeviceCall& call) {
  const bool is_forward = call.host.has_output("packed");
  const Tensor& packed = is_forward ? call.host.output("packed") : call.host.input("dpacked");
  kernels::check_mask(call.host.input("mask"));
  kernels::check_mask_fits(call.host.input("mask"), packed.size(0));
  return is_forward ? forward(call) : backward(call);
}

}  // namespace

Op pack() {
  return {.form = cases::pack_form(),
          .ours = ours,
          .reference = reference::pack_reference,
          .padded = reference::pack_padded,
          .bench = {.fields = hidden_rows}};
}

}  // namespace packproof::harness::ops
