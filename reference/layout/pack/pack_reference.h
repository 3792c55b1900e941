// Definition: packed row t is the t-th place of the mask, in the order of (batch, position), that
// holds 1; cu_seqlens[b] counts the ones of the rows before b. Zero elsewhere.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"

namespace packproof::reference {

// Elements as bit patterns: packing moves them whatever they mean.

// padded [batch * length, features], mask [batch, length] -> [total_tokens, features].
BitRows pack(const BitRows& padded, const Mask& mask, std::int64_t total_tokens);

// mask [batch, length] -> [batch + 1].
Integers pack_cu_seqlens(const Mask& mask);

// dpacked [total_tokens, features], mask [batch, length] -> [batch * length, features].
BitRows pack_backward(const BitRows& dpacked, const Mask& mask);

}  // namespace packproof::reference
