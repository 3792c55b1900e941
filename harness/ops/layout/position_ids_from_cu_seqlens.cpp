#include "kernels/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_reference.h"

namespace packproof::harness::ops {
namespace {

// position_ids is [total_tokens], or that with components in front.
std::int64_t components_of(const Tensor& position_ids) {
  return position_ids.dims.size() == 1 ? 1 : position_ids.size(0);
}

Returned ours(const DeviceCall& call) {
  const Tensor& position_ids = call.device.output("position_ids");
  const std::int64_t total_tokens = position_ids.dims.back().size;
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), total_tokens);
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  PACKPROOF_LAUNCHER(call.target, position_ids_from_cu_seqlens)
  ({.cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
    .total_tokens = total_tokens,
    .components = static_cast<std::int32_t>(components_of(position_ids)),
    .position_ids = position_ids.as<std::int64_t>()},
   call.stream);
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const Tensor& position_ids = call.output("position_ids");
  return {exact("position_ids", reference::position_ids_from_cu_seqlens(
                                    integers_of(call.input("cu_seqlens")),
                                    components_of(position_ids), position_ids.dims.back().size))};
}

}  // namespace

Op position_ids_from_cu_seqlens() {
  return {.form = cases::position_ids_from_cu_seqlens_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::position_ids_from_cu_seqlens_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
