// Sums over tokens without atomics, so that the same call gives the same bits: the thread rows of a
// block add up as a tree, each block leaves its partial sums, and a second kernel adds those in a
// fixed order.
#pragma once

#include <cstdint>

#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/launch/stream.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Adds sums[i] over the thread rows, a power of two of them, into the first row's places. Every
// thread has written its own, [threadIdx.y * blockDim.x + threadIdx.x]; threads of the first row
// may read theirs with no barrier, as they wrote them last. All threads of the block must call.
template <int kSums, int kThreads>
__device__ inline void add_thread_rows(float (&sums)[kSums][kThreads]) {
  const unsigned thread = threadIdx.y * blockDim.x + threadIdx.x;
  for (unsigned half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();  // the sums of rows below 2 * half are whole before the upper half is added
    if (threadIdx.y < half) {
#pragma unroll
      for (int i = 0; i < kSums; ++i) sums[i][thread] += sums[i][thread + half * blockDim.x];
    }
  }
}

struct PartialSums {
  const float* sums;  // [rows, columns] fp32
  std::int64_t rows;
  std::int64_t columns;
};

namespace {

constexpr int kColumnsOfABlock = 32;
constexpr int kRowsAtATime = 16;

// A block owns kColumnsOfABlock neighbouring columns; thread row y adds the rows y,
// y + kRowsAtATime, ..., then the thread rows add up. Shared memory: a float a thread.
template <class Store>
__global__ void __launch_bounds__(kColumnsOfABlock* kRowsAtATime)
    column_sums_kernel(PartialSums p, Store store) {
  const std::int64_t column =
      static_cast<std::int64_t>(blockIdx.x) * kColumnsOfABlock + threadIdx.x;
  float sum = 0.0f;
  if (column < p.columns)
    for (std::int64_t row = threadIdx.y; row < p.rows; row += kRowsAtATime)
      sum += p.sums[row * p.columns + column];

  SIMT_SHARED(float, sums, [1][kColumnsOfABlock * kRowsAtATime]);
  sums[0][threadIdx.y * kColumnsOfABlock + threadIdx.x] = sum;
  add_thread_rows(sums);
  if (threadIdx.y == 0 && column < p.columns) store(column, sums[0][threadIdx.x]);
}

// Calls store(column, sum) on the device for each column; no rows give zeros.
template <class Store>
void launch_column_sums(const PartialSums& sums, const Store& store, Stream stream) {
  simt::launch(column_sums_kernel<Store>,
               dim3(static_cast<unsigned>(divide_up(sums.columns, kColumnsOfABlock))),
               dim3(kColumnsOfABlock, kRowsAtATime), 0, stream, sums, store);
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
