// The check of cu_seqlens that every packed op makes before any launch (contract C7).
#pragma once

#include <cstdint>

#include "cases/core/tensor.h"

namespace packproof::kernels {

// Refuses (throws Refusal) a cu_seqlens that is not int32 [segments + 1], does not start at 0,
// falls, or ends beyond total_tokens; the message names the index and the value.
// `cu_seqlens` is host memory.
void check_cu_seqlens(const Tensor& cu_seqlens, std::int64_t total_tokens);

}  // namespace packproof::kernels
