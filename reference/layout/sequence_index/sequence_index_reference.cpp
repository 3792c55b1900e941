#include "reference/layout/sequence_index/sequence_index_reference.h"

namespace packproof::reference {

Integers sequence_index(const Integers& cu_seqlens, std::int64_t total_tokens) {
  Integers index = Integers::Constant(total_tokens, -1);
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s)
    for (std::int64_t t = cu_seqlens(s); t < cu_seqlens(s + 1); ++t) index(t) = s;
  return index;
}

}  // namespace packproof::reference
