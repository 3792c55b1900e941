// Definition: the heads of all ranks side by side in every token, those of rank 0 first.
#pragma once

#include <cstdint>

#include "reference/arrays.h"

namespace packproof::reference {

// x [world * tokens * heads_of_rank, dim] (rank, token, head of the rank) -> [tokens * heads, dim],
// of which rank r has the r-th of `world` equal runs of tokens.
BitRows head_to_seq(const BitRows& x, std::int64_t heads_of_rank, std::int64_t world);

// dy as head_to_seq gives it, with the heads of all ranks -> as its x.
BitRows head_to_seq_backward(const BitRows& dy, std::int64_t heads, std::int64_t world);

}  // namespace packproof::reference
