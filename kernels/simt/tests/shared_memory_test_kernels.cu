#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kTile = 32;

__global__ void __launch_bounds__(kTile * 8)
    transpose(const float* __restrict__ input, int rows, int columns, float* __restrict__ output) {
  SIMT_SHARED(float, tile, [kTile][kTile + 1]);
  const int row0 = blockIdx.y * kTile;
  const int column0 = blockIdx.x * kTile;
  for (int i = threadIdx.y; i < kTile; i += blockDim.y) {
    const int row = row0 + i;
    const int column = column0 + static_cast<int>(threadIdx.x);
    if (row < rows && column < columns) tile[i][threadIdx.x] = input[row * columns + column];
  }
  __syncthreads();  // the tile is complete
  for (int i = threadIdx.y; i < kTile; i += blockDim.y) {
    const int row = row0 + static_cast<int>(threadIdx.x);
    const int column = column0 + i;
    if (row < rows && column < columns) output[column * rows + row] = tile[threadIdx.x][i];
  }
}

__global__ void reverse(int* values) {
  SIMT_DYN_SHARED(smem);
  SIMT_SHARED(int, last);
  int* copy = reinterpret_cast<int*>(smem);
  int* group = values + blockIdx.x * blockDim.x;
  copy[threadIdx.x] = group[threadIdx.x];
  if (threadIdx.x == 0) last = static_cast<int>(blockDim.x) - 1;
  __syncthreads();  // copy and last are complete
  group[threadIdx.x] = copy[last - threadIdx.x];
}

struct Pair {
  float low, high;
};
__device__ double total(double value) { return value; }
__device__ double total(int value) { return value; }
__device__ double total(Pair value) { return value.low + value.high; }

template <class T>
__device__ double sum_of_warp(T own) {
  SIMT_SHARED(T, values, [32]);
  values[threadIdx.x] = own;
  __syncthreads();  // values is complete
  double sum = 0;
  for (int i = 0; i < 32; ++i) sum += total(values[i]);
  return sum;
}

__global__ void template_sums(double* results) {
  const int i = threadIdx.x;
  const double as_double = sum_of_warp<double>(i);
  const double as_int = sum_of_warp<int>(i);
  const double as_pair = sum_of_warp<Pair>({0.5f * i, 0.5f * i});
  if (i == 31) {
    results[0] = as_double;
    results[1] = as_int;
    results[2] = as_pair;
  }
}

// A thread scales 8 neighbouring values of a row.
__global__ void scale_segments(const __nv_bfloat16* __restrict__ x, const int* cu_seqlens,
                               int segments, int rows, int dim, __nv_bfloat16* __restrict__ y) {
  SIMT_SHARED_ALIGNED(16, __nv_bfloat16, staged, [64][8]);
  const int i = (blockIdx.x * blockDim.x + threadIdx.x) * 8;
  const int row = i / dim;
  if (row >= rows || row < cu_seqlens[0] || row >= cu_seqlens[segments]) return;
  int segment = 0;
  while (row >= cu_seqlens[segment + 1]) ++segment;
  uint4* own = reinterpret_cast<uint4*>(staged[threadIdx.x]);
  *own = __ldg(reinterpret_cast<const uint4*>(x + i));
  const float scale = static_cast<float>(1 + segment);
#pragma unroll
  for (int k = 0; k < 8; ++k) {
    staged[threadIdx.x][k] = __float2bfloat16(__bfloat162float(staged[threadIdx.x][k]) * scale);
  }
  *reinterpret_cast<uint4*>(y + i) = *own;
}

}  // namespace

void run_transpose(const float* input, int rows, int columns, float* output, cudaStream_t stream) {
  const dim3 grid((columns + kTile - 1) / kTile, (rows + kTile - 1) / kTile);
  simt::launch(transpose, grid, dim3(kTile, 8), 0, stream, input, rows, columns, output);
}

void run_reverse(int* values, int group, int groups, cudaStream_t stream) {
  simt::launch(reverse, groups, group, group * sizeof(int), stream, values);
}

void run_template_sums(double* results, cudaStream_t stream) {
  simt::launch(template_sums, 1, 32, 0, stream, results);
}

void run_scale_segments(const __nv_bfloat16* x, const int* cu_seqlens, int segments, int rows,
                        int dim, __nv_bfloat16* y, cudaStream_t stream) {
  const int threads = rows * dim / 8;
  simt::launch(scale_segments, (threads + 63) / 64, 64, 0, stream, x, cu_seqlens, segments, rows,
               dim, y);
}

}  // namespace packproof::PACKPROOF_KERNELS
