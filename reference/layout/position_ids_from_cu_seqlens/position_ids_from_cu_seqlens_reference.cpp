// position_ids_from_cu_seqlens. Definition: token t of segment s (cu_seqlens[s] <= t <
// cu_seqlens[s + 1]) has position t - cu_seqlens[s]; -1 beyond. Text has the same position on every
// mrope component.
#include "reference/core/call_arrays.h"
#include "reference/core/results.h"
#include "reference/op_references.h"

namespace packproof::reference {

ReferenceResult position_ids_from_cu_seqlens_reference(const Call& call) {
  const Integers cu_seqlens = cu_seqlens_of(call);
  const Tensor& position_ids = call.output("position_ids");  // [total_tokens] or [components, ...]
  const std::int64_t total_tokens = position_ids.dims.back().size;
  const std::int64_t components = position_ids.dims.size() == 1 ? 1 : position_ids.size(0);
  Integers ids = Integers::Constant(total_tokens, -1);
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t) ids(t) = t - cu_seqlens(s);
  return {exact("position_ids", ids.replicate(components, 1))};
}

}  // namespace packproof::reference
