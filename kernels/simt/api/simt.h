// The seam between a kernel and its two targets: the only header for it that a kernel includes.
//
// A kernel source is compiled three times, unchanged: by nvcc for a GPU, and by a host compiler
// (C++20) for the executor in this folder, where a CUDA thread is a fiber: plain, and under the
// race detector. Kernels, and all code that only kernels share, live in
//   namespace packproof::PACKPROOF_KERNELS { ... }
// so that all three objects link into one program.
//
// All targets give SIMT_SHARED, SIMT_SHARED_ALIGNED, SIMT_DYN_SHARED (see shared_memory.h) and
//   packproof::simt::launch(kernel, grid, block, dynamic_shared_bytes, stream, args...).
// SIMT_CALLER is the last parameter of an instruction's wrapper in kernels/device/: on the host the
// line of the kernel that calls it, `site`; SIMT_AND_CALLER is the same after other parameters.
// decision-executor-seam.md says what the host knows of CUDA, and what it cannot show.
#pragma once

#ifdef __CUDACC__

#define PACKPROOF_KERNELS kernels_cuda

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/simt/api/launch_cuda.h"

#define SIMT_SHARED(type, name, ...) __shared__ type name __VA_ARGS__
#define SIMT_SHARED_ALIGNED(alignment, type, name, ...) \
  __shared__ alignas(alignment) type name __VA_ARGS__
// One type and alignment for all kernels: `extern __shared__` of different types would clash.
#define SIMT_DYN_SHARED(name) extern __shared__ __align__(1024) unsigned char name[]

#define SIMT_CALLER
#define SIMT_AND_CALLER

#else

#ifdef PACKPROOF_SIMT_RACE
#define PACKPROOF_KERNELS kernels_race
#else
#define PACKPROOF_KERNELS kernels_simt
#endif

#include "kernels/simt/api/block_barrier_intrinsics.h"
#include "kernels/simt/api/cuda_keywords.h"
#include "kernels/simt/api/host_atomics.h"
#include "kernels/simt/api/host_bit_intrinsics.h"
#include "kernels/simt/api/host_math_intrinsics.h"
#include "kernels/simt/api/host_memory_intrinsics.h"
#include "kernels/simt/api/launch_host.h"
#include "kernels/simt/api/shared_memory.h"
#include "kernels/simt/api/thread_coordinates.h"
#include "kernels/simt/api/warp_collectives.h"
#include "kernels/simt/api/warp_match.h"

#define SIMT_CALLER ::packproof::simt::SourceSite site = ::packproof::simt::SourceSite::here()
#define SIMT_AND_CALLER , SIMT_CALLER

#ifdef PACKPROOF_SIMT_RACE
#include "kernels/simt/api/traced_copies.h"
#endif

#endif
