#include "kernels/layout/sequence_index/sequence_index_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/adapter.h"
#include "harness/ops/op_list.h"
#include "reference/op_references.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const std::int64_t total_tokens = call.device.output("sequence_index").size(0);
  const auto [cu_seqlens, segments] = checked_boundaries(call, total_tokens);
  PACKPROOF_LAUNCHER(call.target, sequence_index)
  ({.cu_seqlens = cu_seqlens,
    .segments = segments,
    .total_tokens = total_tokens,
    .sequence_index = call.device.output("sequence_index").as<std::int32_t>()},
   call.stream);
  return all_outputs(call.device);
}

}  // namespace

Op sequence_index() {
  return {.form = cases::sequence_index_form(),
          .ours = ours,
          .reference = reference::sequence_index_reference,
          .padded = reference::sequence_index_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
