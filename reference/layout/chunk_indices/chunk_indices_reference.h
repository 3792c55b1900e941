// Definition: a segment of n tokens has ceil(n / chunk) chunks, the last of which may be short. The
// table lists (segment, chunk within the segment) for all of them in order. FLA calls it
// prepare_chunk_indices.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

struct ChunkTable {
  Integers rows;  // [capacity, 2], flattened; -1 beyond num_chunks
  std::int64_t num_chunks = 0;
};

// cu_seqlens [segments + 1], valid; `capacity` at least the number of chunks.
ChunkTable chunk_indices(const Integers& cu_seqlens, std::int64_t chunk, std::int64_t capacity);

}  // namespace packproof::reference
