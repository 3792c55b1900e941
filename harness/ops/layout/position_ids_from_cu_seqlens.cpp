#include "kernels/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  // [total_tokens], or that with components in front.
  const Tensor& position_ids = call.device.output("position_ids");
  const std::int64_t total_tokens = position_ids.dims.back().size;
  const auto [cu_seqlens, segments] = checked_boundaries(call, total_tokens);
  PACKPROOF_LAUNCHER(call.target, position_ids_from_cu_seqlens)
  ({.cu_seqlens = cu_seqlens,
    .segments = segments,
    .total_tokens = total_tokens,
    .components = position_ids.dims.size() == 1 ? 1 : narrow(position_ids.size(0)),
    .position_ids = position_ids.as<std::int64_t>()},
   call.stream);
  return all_outputs(call.device);
}

}  // namespace

Op position_ids_from_cu_seqlens() {
  return {.form = cases::position_ids_from_cu_seqlens_form(),
          .ours = ours,
          .reference = reference::position_ids_from_cu_seqlens_reference,
          .padded = reference::position_ids_from_cu_seqlens_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
