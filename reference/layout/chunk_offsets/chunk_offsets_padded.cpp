#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {

// The rows of a padded batch [segments, longest] are cut into chunks by taking every chunk-th
// column; those that begin within the row's tokens are its chunks.
ReferenceResult chunk_offsets_padded(const Call& call) {
  const at::Tensor lengths = to_torch(call.input("cu_seqlens")).diff();
  const std::int64_t chunk = call.the_case->integer("chunk");
  const at::Tensor begins = at::arange(0, lengths.max().item<std::int64_t>(), chunk);
  const at::Tensor chunks = (begins < lengths.unsqueeze(1)).sum(1);
  return {result("chunk_offsets", at::constant_pad_nd(chunks.cumsum(0), {1, 0}, 0))};
}

}  // namespace packproof::reference
