// Definition: token i of segment s is row padded[s] + i of the padded row, which sp_layout.h lays
// on the ranks. y is that token; dx is dy there and zero in every other row.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/sp/sp_layout.h"

namespace packproof::reference {

struct SpGatherProblem {
  SpOrder order;
  std::int64_t world;
  Integers cu_seqlens;  // of the tokens
  Integers padded;      // of the padded row
};

// x [padded rows, dim], rank after rank -> [world * total_tokens, dim]: the tokens once a rank.
BitRows sp_gather(const BitRows& x, const SpGatherProblem& problem, std::int64_t total_tokens);

// dy as sp_gather gives y: rank r reads the r-th copy -> [padded_rows, dim].
BitRows sp_gather_backward(const BitRows& dy, const SpGatherProblem& problem,
                           std::int64_t padded_rows);

}  // namespace packproof::reference
