// sp_gather: the tokens of a pack from the shares of all ranks, and one rank's share of their
// gradient. Rows move as bytes: any dtype, bit for bit.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"
#include "kernels/sp/sp_layout.h"

namespace packproof {

struct SpGatherParams {
  SpLayout layout;                 // its first `segments` segments hold those of cu_seqlens
  const std::int32_t* cu_seqlens;  // [segments + 1] int32 of the tokens, valid
  std::int32_t segments;
  std::int64_t total_tokens;  // rows of y, slack included; at most 2^31 - 1
  std::int64_t row_bytes;     // > 0, a multiple of 2
  const void* shares;       // [world, share_rows] rows, block i from rank i, aligned to an element
  void* y;                  // [total_tokens] rows, aligned to an element; slack is zeroed
  std::int32_t* source_of;  // scratch [total_tokens] int32
};

struct SpGatherBackwardParams {
  SpLayout layout;                 // as above
  const std::int32_t* cu_seqlens;  // as above
  std::int32_t segments;
  std::int32_t rank;        // 0 to world - 1
  std::int64_t row_bytes;   // > 0, a multiple of 2
  const void* dy;           // rows of the tokens, aligned to an element; slack is never read
  void* dx;                 // [share_rows] rows, aligned to an element; pads and slack are zeroed
  std::int32_t* source_of;  // scratch [share_rows] int32
};

PACKPROOF_ON_EVERY_TARGET(void sp_gather(const SpGatherParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void sp_gather_backward(const SpGatherBackwardParams& params,
                                                  Stream stream))

}  // namespace packproof
