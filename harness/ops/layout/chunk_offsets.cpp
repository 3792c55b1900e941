#include "kernels/layout/chunk_offsets/chunk_offsets_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/chunk_offsets/chunk_offsets_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), call.host.the_case->capacity);
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  const std::int64_t segments = cu_seqlens.size(0) - 1;
  PACKPROOF_LAUNCHER(call.target, chunk_offsets)
  ({.cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .segments = static_cast<std::int32_t>(segments),
    .chunk = static_cast<std::int32_t>(call.host.the_case->integer("chunk")),
    .workspace = static_cast<std::int32_t*>(call.workspace(chunk_offsets_workspace(segments))),
    .chunk_offsets = call.device.output("chunk_offsets").as<std::int32_t>()},
   call.stream);
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  return {exact("chunk_offsets", reference::chunk_offsets(integers_of(call.input("cu_seqlens")),
                                                          call.the_case->integer("chunk")))};
}

}  // namespace

Op chunk_offsets() {
  return {.form = cases::chunk_offsets_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::chunk_offsets_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
