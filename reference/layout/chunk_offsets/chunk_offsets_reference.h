// Definition: entry s is the number of chunks in all segments before s, where a segment of n tokens
// has ceil(n / chunk) of them; the last entry is the number of all chunks. FLA calls it
// prepare_chunk_offsets.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

// cu_seqlens [segments + 1] -> [segments + 1]. The input must be valid.
Integers chunk_offsets(const Integers& cu_seqlens, std::int64_t chunk);

}  // namespace packproof::reference
