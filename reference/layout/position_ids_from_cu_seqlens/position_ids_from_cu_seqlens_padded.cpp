#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {

// A padded batch has the same positions in every row: an arange. Packing them drops the pads.
ReferenceResult position_ids_from_cu_seqlens_padded(const Call& call) {
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const Tensor& output = call.output("position_ids");
  const std::int64_t total_tokens = output.dims.back().size;
  const at::Tensor lengths = cu_seqlens.diff();
  const at::Tensor mask = at::arange(lengths.max().item<std::int64_t>()) < lengths.unsqueeze(1);
  const at::Tensor padded = (mask.cumsum(1) - 1).masked_select(mask);
  const at::Tensor packed = at::constant_pad_nd(padded, {0, total_tokens - padded.size(0)}, -1);
  const std::int64_t components = output.dims.size() == 1 ? 1 : output.size(0);
  return {result("position_ids", packed.expand({components, total_tokens}))};
}

}  // namespace packproof::reference
