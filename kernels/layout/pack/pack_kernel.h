// pack: launchers. Rows move as bytes: any dtype, bit for bit.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"
#include "kernels/layout/mask_tiles.h"

namespace packproof {

struct PackParams {
  const std::uint8_t* mask;  // [batch, length] uint8, each 0 or 1, at most total_tokens ones
  std::int64_t batch;
  std::int64_t length;
  const void* padded;          // [batch, length] rows of row_bytes, aligned to an element
  std::int64_t row_bytes;      // > 0, a multiple of 2
  std::int64_t total_tokens;   // rows of the packed layout, slack included; at most 2^31 - 1
  void* packed;                // [total_tokens] rows, aligned to an element; slack is zeroed
  std::int32_t* cu_seqlens;    // [batch + 1] int32
  std::int32_t* tile_tokens;   // scratch [mask_tiles(batch * length) + 1] int32
  std::int64_t* place_of_row;  // scratch [total_tokens] int64
};

struct PackBackwardParams {
  const std::uint8_t* mask;  // [batch, length] uint8, as in the forward call
  std::int64_t batch;
  std::int64_t length;
  const void* dpacked;         // rows of row_bytes, aligned to an element; slack is never read
  std::int64_t row_bytes;      // > 0, a multiple of 2
  void* dpadded;               // [batch, length] rows, aligned to an element; pads are zeroed
  std::int32_t* tile_tokens;   // scratch [mask_tiles(batch * length) + 1] int32
  std::int32_t* row_of_place;  // scratch [batch, length] int32
};

PACKPROOF_ON_EVERY_TARGET(void pack(const PackParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void pack_backward(const PackBackwardParams& params, Stream stream))

}  // namespace packproof
