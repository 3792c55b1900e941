// Definition: token t of segment s (cu_seqlens[s] <= t < cu_seqlens[s + 1]) has position
// t - cu_seqlens[s]; -1 beyond. Text has the same position on every mrope component.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

// cu_seqlens [segments + 1] -> [components, total_tokens], flattened. The input must be valid.
Integers position_ids_from_cu_seqlens(const Integers& cu_seqlens, std::int64_t components,
                                      std::int64_t total_tokens);

}  // namespace packproof::reference
