// The running sum of chunks over segments, shared by chunk_offsets and chunk_indices.
//
// A thread has four segments in a row, a block a tile of 1024. Up to 1023 segments one launch does
// it; beyond, tile sums are made and scanned first.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/device/packed/block_prefix.cuh"
#include "kernels/launch/stream.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

struct ChunkOffsetsScan {
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  std::int32_t segments;
  std::int32_t chunk;          // tokens a chunk, 1 and above
  std::int32_t* tile_sums;     // [segments / 1024 + 1] int32: scratch
  std::int32_t* offsets;       // [segments + 1] int32, 16-byte aligned
  std::int32_t* total_chunks;  // [1] int32, or null
};

constexpr int kScanThreads = 256;
constexpr int kSegmentsPerThread = 4;
constexpr std::int64_t kSegmentsPerTile = kScanThreads * kSegmentsPerThread;

// Chunks of the thread's four segments; those beyond the last have none. Returns their sum.
__device__ inline std::int32_t chunks_of(const ChunkOffsetsScan& p, std::int64_t first,
                                         std::int32_t (&chunks)[kSegmentsPerThread]) {
  std::int32_t sum = 0;
#pragma unroll
  for (int k = 0; k < kSegmentsPerThread; ++k) {
    const std::int64_t s = first + k;
    const std::int32_t length = s < p.segments ? p.cu_seqlens[s + 1] - p.cu_seqlens[s] : 0;
    chunks[k] = length / p.chunk + (length % p.chunk != 0);
    sum += chunks[k];
  }
  return sum;
}

__device__ inline std::int64_t first_segment_of_thread() {
  return blockIdx.x * kSegmentsPerTile + threadIdx.x * kSegmentsPerThread;
}

// Block b: the chunks of tile b. The kernels are templates so that this header may define them.
template <int kThreads>
__global__ void __launch_bounds__(kThreads) sum_chunk_tiles_kernel(ChunkOffsetsScan p) {
  std::int32_t chunks[kSegmentsPerThread];
  const std::int32_t own = chunks_of(p, first_segment_of_thread(), chunks);
  const BlockPrefix scan = block_prefix<SumOf, kThreads>(own);
  if (threadIdx.x == 0) p.tile_sums[blockIdx.x] = scan.total;
}

// One block: each tile's sum becomes that of all tiles before it.
template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    scan_chunk_tiles_kernel(ChunkOffsetsScan p, std::int32_t tiles) {
  std::int32_t before = 0;
  for (std::int32_t base = 0; base < tiles; base += kThreads) {
    const std::int32_t tile = base + static_cast<std::int32_t>(threadIdx.x);
    const std::int32_t sum = tile < tiles ? p.tile_sums[tile] : 0;
    const BlockPrefix scan = block_prefix<SumOf, kThreads>(sum);
    if (tile < tiles) p.tile_sums[tile] = before + scan.before;
    before += scan.total;
  }
}

// Block b: entries of tile b, counted from `tile_sums`, or from 0 when there is but one tile.
template <int kThreads>
__global__ void __launch_bounds__(kThreads)
    write_chunk_offsets_kernel(ChunkOffsetsScan p, std::int32_t tiles) {
  const std::int64_t first = first_segment_of_thread();
  std::int32_t chunks[kSegmentsPerThread];
  const std::int32_t own = chunks_of(p, first, chunks);
  const BlockPrefix scan = block_prefix<SumOf, kThreads>(own);
  std::int32_t before = (tiles > 1 ? p.tile_sums[blockIdx.x] : 0) + scan.before;

  std::int32_t entries[kSegmentsPerThread];
#pragma unroll
  for (int k = 0; k < kSegmentsPerThread; ++k) {
    entries[k] = before;
    before += chunks[k];
  }
  if (first + kSegmentsPerThread <= p.segments + std::int64_t{1}) {
    *reinterpret_cast<int4*>(p.offsets + first) =
        make_int4(entries[0], entries[1], entries[2], entries[3]);
  } else {
#pragma unroll
    for (int k = 0; k < kSegmentsPerThread; ++k)
      if (first + k <= p.segments) p.offsets[first + k] = entries[k];
  }
#pragma unroll
  for (int k = 0; k < kSegmentsPerThread; ++k)
    if (p.total_chunks && first + k == p.segments) *p.total_chunks = entries[k];
}

inline void scan_chunk_offsets(const ChunkOffsetsScan& scan, Stream stream) {
  const auto tiles = static_cast<std::int32_t>(scan.segments / kSegmentsPerTile + 1);
  const dim3 blocks(static_cast<unsigned>(tiles));
  const dim3 threads(kScanThreads);
  if (tiles > 1) {
    simt::launch(sum_chunk_tiles_kernel<kScanThreads>, blocks, threads, 0, stream, scan);
    simt::launch(scan_chunk_tiles_kernel<kScanThreads>, dim3(1), threads, 0, stream, scan, tiles);
  }
  simt::launch(write_chunk_offsets_kernel<kScanThreads>, blocks, threads, 0, stream, scan, tiles);
}

}  // namespace packproof::PACKPROOF_KERNELS
