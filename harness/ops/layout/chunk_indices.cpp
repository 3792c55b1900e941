#include "kernels/layout/chunk_indices/chunk_indices_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const auto [cu_seqlens, segments] = checked_boundaries(call, call.host.the_case->capacity);
  const Tensor& table = call.device.output("chunk_indices");
  PACKPROOF_LAUNCHER(call.target, chunk_indices)
  ({.cu_seqlens = cu_seqlens,
    .segments = segments,
    .chunk = narrow(call.host.the_case->integer("chunk")),
    .capacity = table.size(0),
    .workspace = static_cast<std::int32_t*>(call.workspace(chunk_indices_workspace(segments))),
    .chunk_indices = table.as<std::int32_t>(),
    .num_chunks = call.device.output("num_chunks").as<std::int32_t>()},
   call.stream);
  return all_outputs(call.device);
}

}  // namespace

Op chunk_indices() {
  return {.form = cases::chunk_indices_form(),
          .ours = ours,
          .reference = reference::chunk_indices_reference,
          .padded = reference::chunk_indices_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
