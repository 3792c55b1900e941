// How tensor copies and wgmma spread rows over the banks of shared memory (PTX ISA, "Tensors:
// Swizzling modes"; for wgmma "Shared memory matrix layout").
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// The value is the length of a swizzled row in bytes. The pattern repeats every eight rows, and a
// tile starts at a multiple of that: 256, 512, 1024 bytes.
enum class Swizzle : std::uint32_t { kNone = 0, k32Bytes = 32, k64Bytes = 64, k128Bytes = 128 };

// Where byte `offset` of a tile lies, counted from the tile's start: the 16-byte chunks of a row
// change places by bits 7 and up of the offset.
__host__ __device__ constexpr std::uint32_t swizzled_offset(std::uint32_t offset, Swizzle swizzle) {
  const std::uint32_t row_bytes = static_cast<std::uint32_t>(swizzle);
  const std::uint32_t chunks = row_bytes == 0 ? 0 : row_bytes / 16 - 1;
  return offset ^ (offset >> 7 & chunks) << 4;
}

}  // namespace packproof::PACKPROOF_KERNELS
