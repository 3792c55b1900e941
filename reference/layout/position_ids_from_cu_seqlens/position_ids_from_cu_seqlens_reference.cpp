#include "reference/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_reference.h"

namespace packproof::reference {

Integers position_ids_from_cu_seqlens(const Integers& cu_seqlens, std::int64_t components,
                                      std::int64_t total_tokens) {
  Integers ids = Integers::Constant(total_tokens, -1);
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t) ids(t) = t - cu_seqlens(s);
  return ids.replicate(components, 1);
}

}  // namespace packproof::reference
