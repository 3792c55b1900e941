// The checks of sequence-parallel layouts that sp_pad, sp_split and sp_gather make before any
// launch. Each throws Refusal; tensors are host memory.
#pragma once

#include <cstdint>

#include "cases/core/tensor.h"
#include "kernels/sp/sp_layout.h"

namespace packproof::kernels {

// Refuses rows that `world` ranks cannot share equally.
void check_sp_rows(std::int64_t rows, std::int64_t world);

// Refuses a cu_seqlens_padded that is no cu_seqlens of `rows` rows, and for zigzag one with a
// segment that is no multiple of 2 world, or with rows behind its last segment.
void check_sp_boundaries(const Tensor& padded, std::int64_t rows, SpLayoutKind kind,
                         std::int64_t world);

// Refuses a cu_seqlens_padded that does not hold the segments of cu_seqlens: another number of
// them, one shorter than its tokens or, contiguous, at another place. Both must have passed their
// own check.
void check_sp_agreement(const Tensor& cu_seqlens, const Tensor& padded, SpLayoutKind kind);

// Refuses segments that do not fit `rows` once they are padded. cu_seqlens must have passed its
// check.
void check_sp_pads_fit(const Tensor& cu_seqlens, std::int64_t rows, SpLayoutKind kind,
                       std::int64_t world);

}  // namespace packproof::kernels
