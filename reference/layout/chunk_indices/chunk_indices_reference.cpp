// chunk_indices. Definition: a segment of n tokens has ceil(n / chunk) chunks, the last of which
// may be short. The table lists (segment, chunk within the segment) for all of them in order; -1
// beyond. FLA calls it prepare_chunk_indices.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {

ReferenceResult chunk_indices_reference(const Call& call) {
  const Integers cu_seqlens = cu_seqlens_of(call);
  const std::int64_t chunk = call.the_case->integer("chunk");
  Integers table = Integers::Constant(call.output("chunk_indices").count(), -1);
  std::int64_t num_chunks = 0;
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s) {
    for (std::int64_t begin = cu_seqlens(s); begin < cu_seqlens(s + 1); begin += chunk) {
      table(2 * num_chunks) = s;
      table(2 * num_chunks + 1) = (begin - cu_seqlens(s)) / chunk;
      ++num_chunks;
    }
  }
  return {exact("chunk_indices", table), exact("num_chunks", num_chunks)};
}

}  // namespace packproof::reference
