// The second stage of sums over tokens: adds the partial sums that blocks left, in a fixed order,
// so that the same call gives the same bits.
#pragma once

#include <cstdint>

#include "kernels/device/float_lanes.cuh"
#include "kernels/host/divide_up.h"
#include "kernels/host/stream.h"
#include "kernels/simt/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// T is the type of the sums.
template <class T>
struct ColumnSums {
  const float* partial;  // [rows, row_stride] fp32, of which the first `columns` are added
  std::int64_t rows;
  std::int64_t row_stride;
  std::int64_t columns;
  T* sums;  // [columns]
};

namespace {

constexpr int kColumnsOfABlock = 32;
constexpr int kRowsAtATime = 16;

// A block owns kColumnsOfABlock neighbouring columns; thread row y adds the rows y,
// y + kRowsAtATime, ..., then the thread rows add up as a tree. Shared memory: a float a thread.
template <class T>
__global__ void __launch_bounds__(kColumnsOfABlock* kRowsAtATime)
    column_sums_kernel(ColumnSums<T> p) {
  const std::int64_t column =
      static_cast<std::int64_t>(blockIdx.x) * kColumnsOfABlock + threadIdx.x;
  float sum = 0.0f;
  if (column < p.columns)
    for (std::int64_t row = threadIdx.y; row < p.rows; row += kRowsAtATime)
      sum += p.partial[row * p.row_stride + column];

  SIMT_SHARED(float, sums, [kRowsAtATime][kColumnsOfABlock]);
  sums[threadIdx.y][threadIdx.x] = sum;
  for (unsigned half = kRowsAtATime / 2; half > 0; half /= 2) {
    __syncthreads();  // rows below 2 * half are whole
    if (threadIdx.y < half) sums[threadIdx.y][threadIdx.x] += sums[threadIdx.y + half][threadIdx.x];
  }
  if (threadIdx.y == 0 && column < p.columns) p.sums[column] = from_float<T>(sums[0][threadIdx.x]);
}

// No rows give zeros.
template <class T>
void launch_column_sums(const ColumnSums<T>& sums, Stream stream) {
  simt::launch(column_sums_kernel<T>,
               dim3(static_cast<unsigned>(divide_up(sums.columns, kColumnsOfABlock))),
               dim3(kColumnsOfABlock, kRowsAtATime), 0, stream, sums);
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
