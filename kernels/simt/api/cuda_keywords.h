// CUDA's keywords for a host compiler. Host only.
#pragma once

// These headers define the keywords first: including them now keeps them from doing so later.
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#undef __global__
#undef __device__
#undef __host__
#undef __constant__
#undef __grid_constant__
#undef __launch_bounds__
#undef __cluster_dims__
#undef __maxnreg__
#undef __shared__

#define __global__
#define __device__
#define __host__
#define __constant__
#define __grid_constant__
#define __launch_bounds__(...)
#define __cluster_dims__(...)
#define __maxnreg__(...)

// The CUDA headers erase this for a host compiler, which would leave a stack variable of each
// thread: wrong without a word. The name below does not exist, so its use cannot compile.
#define __shared__ error_raw___shared___is_not_portable_use_SIMT_SHARED_or_SIMT_DYN_SHARED
