// threadIdx.x of a block with one dimension, read anew at each call: no register holds it, or what
// is computed from it, from one call to the next. For kernels that have none to spare.
#pragma once

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

__device__ inline unsigned fresh_thread_index() {
#ifdef __CUDACC__
  unsigned index;
  asm volatile("mov.u32 %0, %%tid.x;" : "=r"(index));
  return index;
#else
  return threadIdx.x;
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
