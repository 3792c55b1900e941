// Definition: token t of segment s (cu_seqlens[s] <= t < cu_seqlens[s + 1]) has index s; -1 beyond.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

// cu_seqlens [segments + 1] -> [total_tokens]. The input must be valid.
Integers sequence_index(const Integers& cu_seqlens, std::int64_t total_tokens);

}  // namespace packproof::reference
