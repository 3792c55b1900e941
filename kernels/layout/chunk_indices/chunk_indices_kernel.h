// chunk_indices: launcher.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct ChunkIndicesParams {
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int32_t chunk;           // tokens a chunk, 1 and above
  std::int64_t capacity;        // rows of the table, at least the number of chunks
  std::int32_t* workspace;      // chunk_indices_workspace() bytes, 16-byte aligned
  std::int32_t* chunk_indices;  // [capacity, 2] int32, 16-byte aligned; rows beyond num_chunks: -1
  std::int32_t* num_chunks;     // [1] int32
};

// The offset of each segment's first chunk, and the scan's own scratch.
constexpr std::size_t chunk_indices_workspace(std::int64_t segments) {
  return sizeof(std::int32_t) *
         static_cast<std::size_t>((segments + 1 + 3) / 4 * 4 + segments / 1024 + 1);
}

PACKPROOF_ON_EVERY_TARGET(void chunk_indices(const ChunkIndicesParams& params, Stream stream))

}  // namespace packproof
