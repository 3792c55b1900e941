// Launching a kernel on a device. Compiled by nvcc only.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <string>
#include <tuple>
#include <utility>

#include "kernels/simt/api/launch_request.h"

// The inline namespaces keep this launch() and the executor's apart: one program links both.
namespace packproof::simt {
inline namespace on_cuda {

inline void check_launch(cudaError_t status, const LaunchGrid& grid, dim3 block,
                         size_t dynamic_shared_bytes) {
  if (status == cudaSuccess) return;
  auto text = [](dim3 size) {
    return "(" + std::to_string(size.x) + "," + std::to_string(size.y) + "," +
           std::to_string(size.z) + ")";
  };
  throw LaunchError(std::string("kernel launch at ") + grid.site.file + ":" +
                    std::to_string(grid.site.line) + " failed: " + cudaGetErrorString(status) +
                    "; grid " + text(grid.blocks) + ", block " + text(block) +
                    ", dynamic shared memory " + std::to_string(dynamic_shared_bytes) + " bytes");
}

// Raises the kernel's limit to all that the device offers, so that two threads which launch one
// kernel with different sizes cannot lower it for each other.
inline cudaError_t allow_dynamic_shared(const void* kernel, size_t dynamic_shared_bytes) {
  cudaFuncAttributes kernel_attributes{};
  cudaError_t status = cudaFuncGetAttributes(&kernel_attributes, kernel);
  if (status != cudaSuccess) return status;
  if (dynamic_shared_bytes <= static_cast<size_t>(kernel_attributes.maxDynamicSharedSizeBytes)) {
    return cudaSuccess;
  }
  int device = 0;
  int block_limit_bytes = 0;
  if ((status = cudaGetDevice(&device)) != cudaSuccess) return status;
  status =
      cudaDeviceGetAttribute(&block_limit_bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, device);
  if (status != cudaSuccess) return status;
  return cudaFuncSetAttribute(
      kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
      block_limit_bytes - static_cast<int>(kernel_attributes.sharedSizeBytes));
}

// Launches `kernel` on `stream` of the current device and returns at once. An empty grid is a
// no-op. Throws LaunchError when the launch is refused; faults inside the kernel appear, as
// always, at a later synchronisation.
template <class... Params, class... Args>
void launch(void (*kernel)(Params...), LaunchGrid grid, dim3 block, size_t dynamic_shared_bytes,
            cudaStream_t stream, Args&&... args) {
  static_assert(sizeof...(Params) == sizeof...(Args), "as many arguments as the kernel takes");
  if (grid.is_empty()) return;
  const void* function = reinterpret_cast<const void*>(kernel);
  if (dynamic_shared_bytes > 0) {
    check_launch(allow_dynamic_shared(function, dynamic_shared_bytes), grid, block,
                 dynamic_shared_bytes);
  }
  std::tuple<Params...> values(static_cast<Params>(std::forward<Args>(args))...);
  const cudaError_t status = std::apply(
      [&](auto&... value) {
        void* addresses[] = {const_cast<void*>(static_cast<const void*>(&value))..., nullptr};
        return cudaLaunchKernel(function, grid.blocks, block, addresses, dynamic_shared_bytes,
                                stream);
      },
      values);
  // The runtime also stores the error; clear it, or the caller's next check would see it again.
  if (status != cudaSuccess) (void)cudaGetLastError();
  check_launch(status, grid, block, dynamic_shared_bytes);
}

}  // namespace on_cuda
}  // namespace packproof::simt
