#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {

// A padded batch knows its rows by their place; packing them is repeat_interleave.
ReferenceResult sequence_index_padded(const Call& call) {
  const at::Tensor cu_seqlens = to_torch(call.input("cu_seqlens"));
  const std::int64_t total_tokens = call.output("sequence_index").size(0);
  const at::Tensor packed = at::repeat_interleave(cu_seqlens.diff());
  return {result("sequence_index",
                 at::constant_pad_nd(packed, {0, total_tokens - packed.size(0)}, -1))};
}

}  // namespace packproof::reference
