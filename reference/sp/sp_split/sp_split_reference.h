// Definition: sp_layout.h says which padded rows each rank holds, in order.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/sp/sp_layout.h"

namespace packproof::reference {

// x [rows, dim], padded [segments + 1] -> [world * rows / world, dim], rank after rank.
BitRows sp_split(const BitRows& x, SpOrder order, const Integers& padded, std::int64_t world);

// dy as sp_split gives y -> [world * rows, dim]: the whole row's gradient once a rank.
BitRows sp_split_backward(const BitRows& dy, SpOrder order, const Integers& padded,
                          std::int64_t world);

}  // namespace packproof::reference
