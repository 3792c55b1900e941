// chunk_offsets: launcher.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

struct ChunkOffsetsParams {
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int32_t chunk;           // tokens a chunk, 1 and above
  std::int32_t* workspace;      // chunk_offsets_workspace() bytes
  std::int32_t* chunk_offsets;  // [segments + 1] int32, 16-byte aligned; the sum fits int32
};

constexpr std::size_t chunk_offsets_workspace(std::int64_t segments) {
  return sizeof(std::int32_t) * static_cast<std::size_t>(segments / 1024 + 1);
}

PACKPROOF_ON_EVERY_TARGET(void chunk_offsets(const ChunkOffsetsParams& params, Stream stream))

}  // namespace packproof
