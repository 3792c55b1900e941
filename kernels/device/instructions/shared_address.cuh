// The address of shared memory as instructions of the shared window take it. Device only.
#pragma once

#ifdef __CUDACC__
#include <cstdint>

namespace packproof::kernels_cuda {

__device__ inline std::uint32_t shared_address(const void* pointer) {
  return static_cast<std::uint32_t>(__cvta_generic_to_shared(pointer));
}

}  // namespace packproof::kernels_cuda
#endif
