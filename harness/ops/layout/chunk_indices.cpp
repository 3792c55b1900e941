#include "kernels/layout/chunk_indices/chunk_indices_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/chunk_indices/chunk_indices_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), call.host.the_case->capacity);
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  const Tensor& table = call.device.output("chunk_indices");
  const std::int64_t segments = cu_seqlens.size(0) - 1;
  PACKPROOF_LAUNCHER(call.target, chunk_indices)
  ({.cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .segments = static_cast<std::int32_t>(segments),
    .chunk = static_cast<std::int32_t>(call.host.the_case->integer("chunk")),
    .capacity = table.size(0),
    .workspace = static_cast<std::int32_t*>(call.workspace(chunk_indices_workspace(segments))),
    .chunk_indices = table.as<std::int32_t>(),
    .num_chunks = call.device.output("num_chunks").as<std::int32_t>()},
   call.stream);
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  const reference::ChunkTable table = reference::chunk_indices(
      integers_of(call.input("cu_seqlens")), call.the_case->integer("chunk"),
      call.output("chunk_indices").size(0));
  return {exact("chunk_indices", table.rows),
          exact("num_chunks", Integers::Constant(1, table.num_chunks))};
}

}  // namespace

Op chunk_indices() {
  return {.form = cases::chunk_indices_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::chunk_indices_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
