// Definition: y[s] = x[cu_seqlens[s + 1] - 1] and flag[s] = 1 where segment s has a token; zero and
// 0 where it has none. Backward puts dy[s] back there; zero elsewhere.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

// x [total_tokens, dim], cu_seqlens [segments + 1] -> [segments, dim].
BitRows last_token_pool(const BitRows& x, const Integers& cu_seqlens);

// -> [segments]
Integers last_token_pool_flag(const Integers& cu_seqlens);

// dy [segments, dim] -> [total_tokens, dim].
BitRows last_token_pool_backward(const BitRows& dy, const Integers& cu_seqlens,
                                 std::int64_t total_tokens);

}  // namespace packproof::reference
