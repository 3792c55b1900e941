#include "reference/layout/chunk_offsets/chunk_offsets_reference.h"

namespace packproof::reference {

Integers chunk_offsets(const Integers& cu_seqlens, std::int64_t chunk) {
  Integers offsets = Integers::Zero(cu_seqlens.size());
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s) {
    const std::int64_t length = cu_seqlens(s + 1) - cu_seqlens(s);
    offsets(s + 1) = offsets(s) + (length + chunk - 1) / chunk;
  }
  return offsets;
}

}  // namespace packproof::reference
