// sp_split: one rank's share of a padded row, and the whole row from the shares of all ranks. Rows
// move as bytes: any dtype, bit for bit.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"
#include "kernels/sp/sp_layout.h"

namespace packproof {

struct SpSplitParams {
  SpLayout layout;
  std::int32_t rank;        // 0 to world - 1
  std::int64_t row_bytes;   // > 0, a multiple of 2
  const void* x;            // [world * share_rows] rows, aligned to an element
  void* y;                  // [share_rows] rows, aligned to an element
  std::int32_t* source_of;  // scratch [share_rows] int32
};

struct SpSplitBackwardParams {
  SpLayout layout;
  std::int64_t row_bytes;   // > 0, a multiple of 2
  const void* shares;       // [world, share_rows] rows, block i from rank i, aligned to an element
  void* dx;                 // [world * share_rows] rows, aligned to an element
  std::int32_t* source_of;  // scratch [world * share_rows] int32
};

PACKPROOF_ON_EVERY_TARGET(void sp_split(const SpSplitParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void sp_split_backward(const SpSplitBackwardParams& params,
                                                 Stream stream))

}  // namespace packproof
