// Definition: contiguous, pads follow the last token up to a multiple of `world`, as one more
// segment; zigzag, each segment is followed by pads up to a multiple of 2 world. Row padded[s] + i
// holds token i of segment s; every other row is a pad, or slack that looks like one.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/sp/sp_layout.h"

namespace packproof::reference {

// cu_seqlens [segments + 1] -> [segments + 2] (contiguous) or [segments + 1] (zigzag).
Integers sp_padded_cu_seqlens(const Integers& cu_seqlens, SpOrder order, std::int64_t world);

// values [total_tokens, columns] -> [padded_rows, columns], `pad` where there is no token.
BitRows sp_pad(const BitRows& values, const Integers& cu_seqlens, const Integers& padded,
               std::int64_t padded_rows, std::int64_t pad);

// dx_padded [padded_rows, columns] -> [total_tokens, columns], zero in slack.
BitRows sp_pad_backward(const BitRows& dx_padded, const Integers& cu_seqlens,
                        const Integers& padded, std::int64_t total_tokens);

}  // namespace packproof::reference
