// Definition: the k-th place of row b of the mask that holds 1 gets packed row cu_seqlens[b] + k;
// every other place is zero.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

// Elements as bit patterns: unpacking moves them whatever they mean.

// packed [total_tokens, features], mask [batch, length], cu_seqlens [batch + 1]
//   -> [batch * length, features]. The mask and cu_seqlens must agree.
BitRows unpack(const BitRows& packed, const Mask& mask, const Integers& cu_seqlens);

// dpadded [batch * length, features] -> [total_tokens, features], zero in slack.
BitRows unpack_backward(const BitRows& dpadded, const Mask& mask, const Integers& cu_seqlens,
                        std::int64_t total_tokens);

}  // namespace packproof::reference
