// chunk_offsets. Definition: entry s is the number of chunks in all segments before s, where a
// segment of n tokens has ceil(n / chunk) of them; the last entry is the number of all chunks. FLA
// calls it prepare_chunk_offsets.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {

ReferenceResult chunk_offsets_reference(const Call& call) {
  const Integers cu_seqlens = cu_seqlens_of(call);
  const std::int64_t chunk = call.the_case->integer("chunk");
  Integers offsets = Integers::Zero(cu_seqlens.size());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s) {
    const std::int64_t length = cu_seqlens(s + 1) - cu_seqlens(s);
    offsets(s + 1) = offsets(s) + (length + chunk - 1) / chunk;
  }
  return {exact("chunk_offsets", offsets)};
}

}  // namespace packproof::reference
