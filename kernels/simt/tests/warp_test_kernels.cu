#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr unsigned kAllLanes = 0xffffffffu;

template <class T>
__global__ void shuffle_kinds(int width, int distance, T* results) {
  const int lane = threadIdx.x;
  const T value = static_cast<T>(100 + lane);
  results[lane] = __shfl_sync(kAllLanes, value, distance, width);
  results[32 + lane] = __shfl_up_sync(kAllLanes, value, distance, width);
  results[64 + lane] = __shfl_down_sync(kAllLanes, value, distance, width);
  results[96 + lane] = __shfl_xor_sync(kAllLanes, value, distance, width);
}

__global__ void half_warp_votes(unsigned predicates, unsigned* results) {
  const int lane = threadIdx.x;
  const int predicate = predicates >> lane & 1u;
  const unsigned half = lane < 16 ? 0x0000ffffu : 0xffff0000u;
  results[lane] = __ballot_sync(half, predicate);
  results[32 + lane] = __any_sync(half, predicate) != 0;
  results[64 + lane] = __all_sync(half, predicate) != 0;
}

__global__ void reductions(const int* values, int* results) {
  const int lane = threadIdx.x;
  const int value = values[lane];
  const unsigned raw = static_cast<unsigned>(value);
  results[lane] = __reduce_add_sync(kAllLanes, value);
  results[32 + lane] = __reduce_min_sync(kAllLanes, value);
  results[64 + lane] = __reduce_max_sync(kAllLanes, value);
  results[96 + lane] = static_cast<int>(__reduce_add_sync(kAllLanes, raw));
  results[128 + lane] = static_cast<int>(__reduce_min_sync(kAllLanes, raw));
  results[160 + lane] = static_cast<int>(__reduce_max_sync(kAllLanes, raw));
}

__global__ void partial_warp_sum(int* results) {
  results[threadIdx.x] = __reduce_add_sync(__ballot_sync(kAllLanes, 1), threadIdx.x % 32u);
}

__global__ void block_votes(int stay, int* results) {
  const int thread = threadIdx.x;
  int* own = results + 3 * thread;
  own[0] = own[1] = own[2] = -1;
  if (thread >= stay) return;
  const int odd = thread % 2;
  own[0] = __syncthreads_count(odd);
  own[1] = __syncthreads_and(odd) != 0;
  own[2] = __syncthreads_or(odd) != 0;
}

__global__ void ballot_after_exit(unsigned* results) {
  results[threadIdx.x] = 0;
  if (threadIdx.x >= 16) return;
  __syncwarp(0x0000ffffu);
  results[threadIdx.x] = __ballot_sync(0x0000ffffu, 1);
}

__global__ void block_sums(const float* values, int count, float* total) {
  SIMT_SHARED(float, warp_sums, [4]);
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  float sum = i < count ? __ldg(values + i) : 0.0f;
  for (int offset = warpSize / 2; offset > 0; offset /= 2) {
    sum += __shfl_down_sync(kAllLanes, sum, offset);
  }
  if (threadIdx.x % warpSize == 0) warp_sums[threadIdx.x / warpSize] = sum;
  __syncthreads();  // warp_sums is complete
  if (threadIdx.x == 0) {
    atomicAdd(total, (warp_sums[0] + warp_sums[1]) + (warp_sums[2] + warp_sums[3]));
  }
}

}  // namespace

void run_int_shuffles(int width, int distance, int* results, cudaStream_t stream) {
  simt::launch(shuffle_kinds<int>, 1, 32, 0, stream, width, distance, results);
}

void run_double_shuffles(int width, int distance, double* results, cudaStream_t stream) {
  simt::launch(shuffle_kinds<double>, 1, 32, 0, stream, width, distance, results);
}

void run_half_warp_votes(unsigned predicates, unsigned* results, cudaStream_t stream) {
  simt::launch(half_warp_votes, 1, 32, 0, stream, predicates, results);
}

void run_reductions(const int* values, int* results, cudaStream_t stream) {
  simt::launch(reductions, 1, 32, 0, stream, values, results);
}

void run_partial_warp_sum(int threads, int* results, cudaStream_t stream) {
  simt::launch(partial_warp_sum, 1, threads, 0, stream, results);
}

void run_block_votes(int stay, int* results, cudaStream_t stream) {
  simt::launch(block_votes, 1, 64, 0, stream, stay, results);
}

void run_ballot_after_exit(unsigned* results, cudaStream_t stream) {
  simt::launch(ballot_after_exit, 1, 32, 0, stream, results);
}

void run_block_sums(const float* values, int count, float* total, cudaStream_t stream) {
  simt::launch(block_sums, (count + 127) / 128, 128, 0, stream, values, count, total);
}

}  // namespace packproof::PACKPROOF_KERNELS
