// The checks of a padding mask that pack and unpack make before any launch.
#pragma once

#include <cstdint>

#include "cases/core/tensor.h"

namespace packproof::kernels {

// Each throws Refusal; `mask` and `cu_seqlens` are host memory.

// Refuses a mask that is not uint8 [batch, length] or holds anything but 0 and 1; the message names
// the place and the value.
void check_mask(const Tensor& mask);

// Refuses a mask with more ones than the packed layout has rows, or more rows than int32 counts.
// The mask must have passed check_mask.
void check_mask_fits(const Tensor& mask, std::int64_t total_tokens);

// Refuses a cu_seqlens [batch + 1] whose segments are not as long as the mask's rows have ones; the
// message names the row and both counts. Both must have passed their own check.
void check_mask_agrees(const Tensor& mask, const Tensor& cu_seqlens);

}  // namespace packproof::kernels
