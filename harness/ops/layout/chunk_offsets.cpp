#include "kernels/layout/chunk_offsets/chunk_offsets_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const auto [cu_seqlens, segments] = checked_boundaries(call, call.host.the_case->capacity);
  PACKPROOF_LAUNCHER(call.target, chunk_offsets)
  ({.cu_seqlens = cu_seqlens,
    .segments = segments,
    .chunk = narrow(call.host.the_case->integer("chunk")),
    .workspace = static_cast<std::int32_t*>(call.workspace(chunk_offsets_workspace(segments))),
    .chunk_offsets = call.device.output("chunk_offsets").as<std::int32_t>()},
   call.stream);
  return all_outputs(call.device);
}

}  // namespace

Op chunk_offsets() {
  return {.form = cases::chunk_offsets_form(),
          .ours = ours,
          .reference = reference::chunk_offsets_reference,
          .padded = reference::chunk_offsets_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
