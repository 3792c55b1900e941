#include "kernels/layout/shift_labels/shift_labels_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const Tensor& shifted = call.device.output("shifted");
  const auto [cu_seqlens, segments] = checked_boundaries(call, shifted.size(0));
  PACKPROOF_LAUNCHER(call.target, shift_labels)
  ({.labels = call.device.input("labels").as<const std::int64_t>(),
    .position_ids = optional_input<std::int64_t>(call.device, "position_ids"),
    .cu_seqlens = cu_seqlens,
    .segments = segments,
    .total_tokens = shifted.size(0),
    .shifted = shifted.as<std::int64_t>()},
   call.stream);
  return all_outputs(call.device);
}

}  // namespace

Op shift_labels() {
  return {.form = cases::shift_labels_form(),
          .ours = ours,
          .reference = reference::shift_labels_reference,
          .padded = reference::shift_labels_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
