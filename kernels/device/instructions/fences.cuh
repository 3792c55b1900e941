// Fences between the generic proxy (ordinary loads and stores) and the asynchronous proxy (bulk and
// tensor copies, wgmma): PTX ISA, "Proxies", and "membar/fence", fence.proxy.async.
//
// Who has written shared memory that a copy or wgmma will read, or has read what a copy will
// overwrite, fences before the barrier or arrival after which the operation is issued.
// (mbarrier_init_fence is in mbarrier.cuh, wgmma_fence in wgmma.cuh.)
#pragma once

#include "kernels/simt/api/simt.h"
#ifndef __CUDACC__
#include "kernels/simt/async/emulated_async.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// For shared memory of this block.
__device__ inline void fence_proxy_async_shared(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#else
  simt::detail::fence_async_proxy(site);
#endif
}

// For global memory too.
__device__ inline void fence_proxy_async(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("fence.proxy.async;" ::: "memory");
#else
  simt::detail::fence_async_proxy(site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
