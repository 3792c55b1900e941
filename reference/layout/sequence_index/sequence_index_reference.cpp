// sequence_index. Definition: token t of segment s (cu_seqlens[s] <= t < cu_seqlens[s + 1]) has
// index s; -1 beyond.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {

ReferenceResult sequence_index_reference(const Call& call) {
  const Integers cu_seqlens = cu_seqlens_of(call);
  Integers index = Integers::Constant(call.output("sequence_index").size(0), -1);
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t) index(t) = s;
  return {exact("sequence_index", index)};
}

}  // namespace packproof::reference
