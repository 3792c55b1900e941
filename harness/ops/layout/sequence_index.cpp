#include "kernels/layout/sequence_index/sequence_index_kernel.h"

#include "cases/op_forms.h"
#include "harness/ops/op_list.h"
#include "harness/ops/reference_adapter.h"
#include "kernels/launch/cu_seqlens_check.h"
#include "reference/core/padded_baseline.h"
#include "reference/layout/sequence_index/sequence_index_reference.h"

namespace packproof::harness::ops {
namespace {

Returned ours(const DeviceCall& call) {
  const std::int64_t total_tokens = call.device.output("sequence_index").size(0);
  kernels::check_cu_seqlens(call.host.input("cu_seqlens"), total_tokens);
  const Tensor& cu_seqlens = call.device.input("cu_seqlens");
  PACKPROOF_LAUNCHER(call.target, sequence_index)
  ({.cu_seqlens = cu_seqlens.as<const std::int32_t>(),
    .segments = static_cast<std::int32_t>(cu_seqlens.size(0) - 1),
    .total_tokens = total_tokens,
    .sequence_index = call.device.output("sequence_index").as<std::int32_t>()},
   call.stream);
  return all_outputs(call.device);
}

ReferenceResult reference_of(const Call& call) {
  return {
      exact("sequence_index", reference::sequence_index(integers_of(call.input("cu_seqlens")),
                                                        call.output("sequence_index").size(0)))};
}

}  // namespace

Op sequence_index() {
  return {.form = cases::sequence_index_form(),
          .ours = ours,
          .reference = reference_of,
          .padded = reference::sequence_index_padded,
          .bench = {.fields = no_layer_fields}};
}

}  // namespace packproof::harness::ops
