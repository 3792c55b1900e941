// Swaps the two leading axes of [outer, inner, piece], a piece being bytes in a row: how ranks of a
// sequence-parallel group sort what they send, or what they received, by rank.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

struct ShardTranspose {
  const void* source;  // [outer, inner] pieces; aligned to an element
  void* target;        // [inner, outer] pieces; aligned to an element; all are written
  std::int64_t outer;
  std::int64_t inner;
  std::int64_t piece_bytes;  // a multiple of 2
};

namespace {

constexpr int kTransposeThreads = 256;
constexpr int kChunksPerThread = 4;  // loads in flight

// A piece is cut into chunks of one load each; a block takes 1024 chunks that lie side by side in
// the target. No shared memory. Index counts chunks: 32-bit divisions are several times cheaper.
template <class Chunk, class Index>
__global__ void __launch_bounds__(kTransposeThreads)
    shard_transpose_kernel(ShardTranspose p, Index chunks_per_piece) {
  const Chunk* __restrict__ source = static_cast<const Chunk*>(p.source);
  Chunk* __restrict__ target = static_cast<Chunk*>(p.target);
  const auto outer = static_cast<Index>(p.outer), inner = static_cast<Index>(p.inner);
  const Index chunks = outer * inner * chunks_per_piece;
  const Index first =
      static_cast<Index>(blockIdx.x) * (kTransposeThreads * kChunksPerThread) + threadIdx.x;
  Chunk value[kChunksPerThread];
#pragma unroll
  for (int i = 0; i < kChunksPerThread; ++i) {
    const Index at = first + static_cast<Index>(i) * kTransposeThreads;
    if (at >= chunks) continue;
    const Index piece = at / chunks_per_piece;
    const Index column = piece / outer, row = piece - column * outer;
    value[i] = source[(row * inner + column) * chunks_per_piece + (at - piece * chunks_per_piece)];
  }
#pragma unroll
  for (int i = 0; i < kChunksPerThread; ++i) {
    const Index at = first + static_cast<Index>(i) * kTransposeThreads;
    if (at < chunks) target[at] = value[i];
  }
}

template <class Chunk>
void launch_transpose_in_chunks(const ShardTranspose& p, Stream stream) {
  const std::int64_t per_piece = p.piece_bytes / static_cast<std::int64_t>(sizeof(Chunk));
  const std::int64_t chunks = p.outer * p.inner * per_piece;
  constexpr std::int64_t kPerBlock = kTransposeThreads * kChunksPerThread;
  const dim3 grid(static_cast<unsigned>((chunks + kPerBlock - 1) / kPerBlock));
  // The last block counts past the end by less than kPerBlock.
  if (chunks + kPerBlock <= std::int64_t{1} << 32) {
    simt::launch(shard_transpose_kernel<Chunk, std::uint32_t>, grid, dim3(kTransposeThreads), 0,
                 stream, p, static_cast<std::uint32_t>(per_piece));
  } else {
    simt::launch(shard_transpose_kernel<Chunk, std::uint64_t>, grid, dim3(kTransposeThreads), 0,
                 stream, p, static_cast<std::uint64_t>(per_piece));
  }
}

// In the widest chunks, 16 bytes at most, that the piece and both addresses allow.
void launch_shard_transpose(const ShardTranspose& p, Stream stream) {
  const std::uintptr_t alignment = reinterpret_cast<std::uintptr_t>(p.source) |
                                   reinterpret_cast<std::uintptr_t>(p.target) |
                                   static_cast<std::uintptr_t>(p.piece_bytes);
  if (alignment % 16 == 0) {
    launch_transpose_in_chunks<uint4>(p, stream);
  } else if (alignment % 8 == 0) {
    launch_transpose_in_chunks<uint2>(p, stream);
  } else if (alignment % 4 == 0) {
    launch_transpose_in_chunks<std::uint32_t>(p, stream);
  } else {
    launch_transpose_in_chunks<std::uint16_t>(p, stream);
  }
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
