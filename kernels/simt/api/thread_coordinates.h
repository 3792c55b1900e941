// threadIdx and its kin on the host: set by the scheduler at every switch. Host only.
// Objects, not macros: CUDA's own structs have members of these names.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

// constinit spares each access the check for dynamic initialisation.
extern constinit thread_local uint3 threadIdx;
extern constinit thread_local uint3 blockIdx;
extern constinit thread_local dim3 blockDim;
extern constinit thread_local dim3 gridDim;
inline constexpr int warpSize = 32;

namespace packproof::simt::detail {
extern constinit thread_local uint32_t current_lane;
}  // namespace packproof::simt::detail
