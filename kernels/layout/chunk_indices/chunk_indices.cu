// The chunks before each segment are scanned first (kernels/device/). Then a thread finds the
// segment of its first row of the table by bisection in those offsets; its two rows leave in one
// 16-byte store. No shared memory of its own.
#include "kernels/layout/chunk_indices/chunk_indices_kernel.h"

#include "kernels/device/packed/chunk_offsets_scan.cuh"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kRowsPerThread = 2;

__global__ void __launch_bounds__(kThreads)
    chunk_indices_kernel(ChunkIndicesParams p, const std::int32_t* __restrict__ chunk_offsets) {
  const std::int64_t first =
      (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kRowsPerThread;
  if (first >= p.capacity) return;

  // Chunks lie in segments as tokens do, so that the search is the same.
  std::int32_t segment = segment_of(chunk_offsets, p.segments, first);
  int2 rows[kRowsPerThread];
#pragma unroll
  for (int k = 0; k < kRowsPerThread; ++k) {
    const auto chunk = static_cast<std::int32_t>(first + k);
    while (segment < p.segments && chunk_offsets[segment + 1] <= chunk) ++segment;
    rows[k] = segment < p.segments ? make_int2(segment, chunk - chunk_offsets[segment])
                                   : make_int2(-1, -1);
  }
  if (first + kRowsPerThread <= p.capacity) {
    *reinterpret_cast<int4*>(p.chunk_indices + 2 * first) =
        make_int4(rows[0].x, rows[0].y, rows[1].x, rows[1].y);
  } else {
    *reinterpret_cast<int2*>(p.chunk_indices + 2 * first) = rows[0];
  }
}

}  // namespace

void chunk_indices(const ChunkIndicesParams& params, Stream stream) {
  std::int32_t* const offsets = params.workspace;
  std::int32_t* const tile_sums = offsets + (std::int64_t{params.segments} + 1 + 3) / 4 * 4;
  scan_chunk_offsets(
      {params.cu_seqlens, params.segments, params.chunk, tile_sums, offsets, params.num_chunks},
      stream);
  const std::int64_t rows_per_block = kThreads * kRowsPerThread;
  const auto blocks = (params.capacity + rows_per_block - 1) / rows_per_block;
  simt::launch(chunk_indices_kernel, dim3(static_cast<unsigned>(blocks)), dim3(kThreads), 0, stream,
               params, offsets);
}

}  // namespace packproof::PACKPROOF_KERNELS
