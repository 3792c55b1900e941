// The barriers 0 to 15 of a block, for some of its warps (PTX ISA, "Parallel Synchronization and
// Communication Instructions: bar, barrier"). Barrier 0 is that of __syncthreads.
//
// `threads` is how many take part, syncing and arriving together: a multiple of 32, the same in
// every call of a round. All lanes of a warp must call. Orders memory among those who take part;
// who arrives does not wait and acquires nothing.
//
// On the host a round that never completes is reported with its counts. Fatal: counts that differ,
// a warp that arrives twice in a round, barrier 0 while others are at __syncthreads.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifndef __CUDACC__
#include "kernels/simt/async/emulated_async.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

__device__ inline void named_barrier_sync(std::uint32_t barrier,
                                          std::uint32_t threads SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("bar.sync %0, %1;" ::"r"(barrier), "r"(threads) : "memory");
#else
  simt::detail::wait_at_named_barrier(barrier, threads, site);
#endif
}

__device__ inline void named_barrier_arrive(std::uint32_t barrier,
                                            std::uint32_t threads SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("bar.arrive %0, %1;" ::"r"(barrier), "r"(threads) : "memory");
#else
  simt::detail::arrive_at_named_barrier(barrier, threads, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
