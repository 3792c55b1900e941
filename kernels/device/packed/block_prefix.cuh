// Prefixes over the threads of a block, under an operation that is associative and commutative.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

struct SumOf {
  static constexpr std::int32_t kIdentity = 0;
  __device__ std::int32_t operator()(std::int32_t a, std::int32_t b) const { return a + b; }
};

// Over values of -1 and above.
struct LargestOf {
  static constexpr std::int32_t kIdentity = -1;
  __device__ std::int32_t operator()(std::int32_t a, std::int32_t b) const { return a < b ? b : a; }
};

struct BlockPrefix {
  std::int32_t before;  // of all threads below this one
  std::int32_t total;   // of the whole block
};

// The block is one-dimensional with kThreads threads, a multiple of 32, and all of them must call.
template <class Combine, int kThreads>
__device__ BlockPrefix block_prefix(std::int32_t value) {
  constexpr int kWarps = kThreads / 32;
  static_assert(kThreads % 32 == 0 && kWarps <= 32);
  SIMT_SHARED(std::int32_t, warp_totals, [kWarps]);

  const Combine combine;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int warp = static_cast<int>(threadIdx.x) / 32;
  std::int32_t through = value;
#pragma unroll
  for (unsigned distance = 1; distance < 32; distance *= 2) {
    const std::int32_t below = __shfl_up_sync(0xffffffffu, through, distance);
    if (lane >= static_cast<int>(distance)) through = combine(below, through);
  }
  if (lane == 31) warp_totals[warp] = through;
  const std::int32_t below = __shfl_up_sync(0xffffffffu, through, 1u);
  __syncthreads();  // every warp's total is there

  std::int32_t before = Combine::kIdentity;
  std::int32_t total = Combine::kIdentity;
#pragma unroll
  for (int w = 0; w < kWarps; ++w) {
    const std::int32_t of_warp = warp_totals[w];
    if (w < warp) before = combine(before, of_warp);
    total = combine(total, of_warp);
  }
  __syncthreads();  // the totals have been read: the next call may overwrite them
  return {lane == 0 ? before : combine(before, below), total};
}

}  // namespace packproof::PACKPROOF_KERNELS
