#include "reference/layout/chunk_indices/chunk_indices_reference.h"

namespace packproof::reference {

ChunkTable chunk_indices(const Integers& cu_seqlens, std::int64_t chunk, std::int64_t capacity) {
  ChunkTable table{.rows = Integers::Constant(2 * capacity, -1)};
  for (Eigen::Index s = 0; s + 1 < cu_seqlens.size(); ++s) {
    for (std::int64_t begin = cu_seqlens(s); begin < cu_seqlens(s + 1); begin += chunk) {
      table.rows(2 * table.num_chunks) = s;
      table.rows(2 * table.num_chunks + 1) = (begin - cu_seqlens(s)) / chunk;
      ++table.num_chunks;
    }
  }
  return table;
}

}  // namespace packproof::reference
