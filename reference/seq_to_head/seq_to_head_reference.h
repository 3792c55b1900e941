// Definition: rank r of `world` has, for every token, heads [r H / world, (r + 1) H / world).
#pragma once

#include <cstdint>

#include "reference/arrays.h"

namespace packproof::reference {

// x [tokens * heads, dim], the tokens of all ranks in order -> [world * tokens * heads / world,
// dim]: rank, token, head of the rank.
BitRows seq_to_head(const BitRows& x, std::int64_t heads, std::int64_t world);

// dy as seq_to_head gives it, with the heads of one rank -> [tokens * heads, dim].
BitRows seq_to_head_backward(const BitRows& dy, std::int64_t heads_of_rank, std::int64_t world);

}  // namespace packproof::reference
