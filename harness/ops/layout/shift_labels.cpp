#include "kernels/layout/shift_labels/shift_labels_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/shift_labels/shift_labels_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const Tensor& shifted = call.device.output("shifted");
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), shifted.size(0));
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  PACKPROOF_LAUNCHER(call.target, shift_labels)
  ({.labels = call.device.input("labels").as<const std::int64_t>(),
    .position_ids = call.device.has_input("position_ids")
                        ? call.device.input("position_ids").as<const std::int64_t>()
                        : nullptr,
    .cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
    .total_tokens = shifted.size(0),
    .shifted = shifted.as<std::int64_t>()},
   call.stream);
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const Integers position_ids =
      call.has_input("position_ids") ? integers_of(call.input("position_ids")) : Integers();
  return {exact("shifted", reference::shift_labels(integers_of(call.input("labels")), position_ids,
                                                   integers_of(call.input("cu_seqlens"))))};
}

}  // namespace

Op shift_labels() {
  return {.form = cases::shift_labels_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::shift_labels_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
