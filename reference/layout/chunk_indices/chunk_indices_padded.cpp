#include <ATen/ATen.h>

#include "reference/core/torch_padded.h"
#include "reference/op_references.h"

namespace packproof::reference {

// The rows of a padded batch [segments, longest] are cut into chunks by taking every chunk-th
// column; nonzero lists, row by row, those that begin within the row's tokens.
ReferenceResult chunk_indices_padded(const Call& call) {
  const at::Tensor lengths = to_torch(call.input("cu_seqlens")).diff();
  const std::int64_t chunk = call.the_case->integer("chunk");
  const std::int64_t capacity = call.output("chunk_indices").size(0);
  const at::Tensor begins = at::arange(0, lengths.max().item<std::int64_t>(), chunk);
  const at::Tensor table = (begins < lengths.unsqueeze(1)).nonzero();
  const std::int64_t chunks = table.size(0);
  return {result("chunk_indices", at::constant_pad_nd(table, {0, 0, 0, capacity - chunks}, -1)),
          result("num_chunks", at::full({1}, chunks, at::kLong))};
}

}  // namespace packproof::reference
