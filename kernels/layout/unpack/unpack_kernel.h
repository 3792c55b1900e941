// unpack: launchers. Rows move as bytes: any dtype, bit for bit.
// The mask alone says where tokens go; a cu_seqlens that comes with it must agree
// (check_mask_agrees) and is then not read.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"
#include "kernels/layout/mask_tiles.h"

namespace packproof {

struct UnpackParams {
  const std::uint8_t* mask;  // [batch, length] uint8, each 0 or 1
  std::int64_t batch;
  std::int64_t length;
  const void* packed;          // a row a one of the mask, then slack that is never read; row_bytes
                               // each, aligned to an element
  std::int64_t row_bytes;      // > 0, a multiple of 2
  void* padded;                // [batch, length] rows, aligned to an element; pads are zeroed
  std::int32_t* tile_tokens;   // scratch [mask_tiles(batch * length) + 1] int32
  std::int32_t* row_of_place;  // scratch [batch, length] int32
};

struct UnpackBackwardParams {
  const std::uint8_t* mask;  // [batch, length] uint8, at most total_tokens ones
  std::int64_t batch;
  std::int64_t length;
  const void* dpadded;         // [batch, length] rows of row_bytes; pads are never read
  std::int64_t row_bytes;      // > 0, a multiple of 2
  std::int64_t total_tokens;   // rows of the packed layout, slack included; at most 2^31 - 1
  void* dpacked;               // [total_tokens] rows, aligned to an element; slack is zeroed
  std::int32_t* tile_tokens;   // scratch [mask_tiles(batch * length) + 1] int32
  std::int64_t* place_of_row;  // scratch [total_tokens] int64
};

PACKPROOF_ON_EVERY_TARGET(void unpack(const UnpackParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void unpack_backward(const UnpackBackwardParams& params, Stream stream))

}  // namespace packproof
