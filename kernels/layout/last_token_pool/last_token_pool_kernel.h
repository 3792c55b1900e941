// last_token_pool: launchers. Rows move as bytes: any dtype, bit for bit.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct LastTokenPoolParams {
  const void* x;                   // [total_tokens] rows of row_bytes, aligned to an element
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int64_t row_bytes;       // > 0, a multiple of 2
  void* y;                      // [segments] rows, aligned to an element; zero without a token
  std::int32_t* flag;           // [segments] int32: 1 where the segment has a token, else 0
  std::int32_t* last_token_of;  // scratch [segments] int32
};

struct LastTokenPoolBackwardParams {
  const void* dy;                  // [segments] rows of row_bytes, aligned to an element
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int64_t total_tokens;      // rows of dx, slack included; at most 2^31 - 1
  std::int64_t row_bytes;         // > 0, a multiple of 2
  void* dx;                       // [total_tokens] rows, aligned to an element; zero elsewhere
  std::int32_t* segment_of_last;  // scratch [total_tokens] int32
};

PACKPROOF_ON_EVERY_TARGET(void last_token_pool(const LastTokenPoolParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void last_token_pool_backward(const LastTokenPoolBackwardParams& params,
                                                        Stream stream))

}  // namespace packproof
