// Copies rows by a gather map: target row r = source row source_of[r], or zeros where that is -1.
// pack and unpack, forward and backward, are all this with one map or another.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Index is the integer type of the map.
template <class Index>
struct RowCopy {
  const void* source;      // rows of row_bytes; aligned to an element
  const Index* source_of;  // [rows]: row of `source`, or -1
  void* target;            // [rows] rows of row_bytes; aligned to an element; all are written
  std::int64_t rows;
  std::int64_t row_bytes;  // a multiple of 2
};

namespace {

constexpr int kRowCopyThreads = 256;
// Rows that a thread has in flight: enough loads to hide the latency of map and row in turn.
constexpr int kRowsPerThread = 4;

// A row is cut into chunks of one load each. 2^lanes_log2 threads side by side, at least a row's
// chunks and at most the block, share a row (blockIdx.y takes the next 256 chunks of wider ones);
// the block's groups of lanes take rows side by side, four times over. No shared memory.
template <class Chunk, class Index>
__global__ void __launch_bounds__(kRowCopyThreads)
    copy_rows_kernel(RowCopy<Index> p, std::int64_t chunks_per_row, int lanes_log2) {
  const Chunk* __restrict__ source = static_cast<const Chunk*>(p.source);
  Chunk* __restrict__ target = static_cast<Chunk*>(p.target);
  const int groups = kRowCopyThreads >> lanes_log2;
  const std::int64_t chunk = static_cast<std::int64_t>(blockIdx.y) * kRowCopyThreads +
                             (threadIdx.x & ((1u << lanes_log2) - 1));
  const std::int64_t first_row =
      static_cast<std::int64_t>(blockIdx.x) * groups * kRowsPerThread + (threadIdx.x >> lanes_log2);
  if (chunk >= chunks_per_row) return;

  std::int64_t from[kRowsPerThread];
#pragma unroll
  for (int i = 0; i < kRowsPerThread; ++i) {
    const std::int64_t row = first_row + i * groups;
    from[i] = row < p.rows ? static_cast<std::int64_t>(p.source_of[row]) : -1;
  }
  Chunk value[kRowsPerThread];
#pragma unroll
  for (int i = 0; i < kRowsPerThread; ++i)
    value[i] = from[i] >= 0 ? source[from[i] * chunks_per_row + chunk] : Chunk{};
#pragma unroll
  for (int i = 0; i < kRowsPerThread; ++i) {
    const std::int64_t row = first_row + i * groups;
    if (row < p.rows) target[row * chunks_per_row + chunk] = value[i];
  }
}

template <class Chunk, class Index>
void launch_copy_in_chunks(const RowCopy<Index>& copy, Stream stream) {
  const std::int64_t chunks = copy.row_bytes / static_cast<std::int64_t>(sizeof(Chunk));
  int lanes_log2 = 0;
  while ((1 << lanes_log2) < chunks && (1 << lanes_log2) < kRowCopyThreads) ++lanes_log2;
  const std::int64_t rows_per_block = (kRowCopyThreads >> lanes_log2) * kRowsPerThread;
  const dim3 grid(static_cast<unsigned>((copy.rows + rows_per_block - 1) / rows_per_block),
                  static_cast<unsigned>((chunks + kRowCopyThreads - 1) / kRowCopyThreads));
  simt::launch(copy_rows_kernel<Chunk, Index>, grid, dim3(kRowCopyThreads), 0, stream, copy, chunks,
               lanes_log2);
}

// Copies in the widest chunks, 16 bytes at most, that the row size and both addresses allow.
template <class Index>
void launch_row_copy(const RowCopy<Index>& copy, Stream stream) {
  const std::uintptr_t alignment = reinterpret_cast<std::uintptr_t>(copy.source) |
                                   reinterpret_cast<std::uintptr_t>(copy.target) |
                                   static_cast<std::uintptr_t>(copy.row_bytes);
  if (alignment % 16 == 0) {
    launch_copy_in_chunks<uint4>(copy, stream);
  } else if (alignment % 8 == 0) {
    launch_copy_in_chunks<uint2>(copy, stream);
  } else if (alignment % 4 == 0) {
    launch_copy_in_chunks<std::uint32_t>(copy, stream);
  } else {
    launch_copy_in_chunks<std::uint16_t>(copy, stream);
  }
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
