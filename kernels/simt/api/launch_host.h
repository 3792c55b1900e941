// Launching a kernel on the host executor. Host only.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <tuple>
#include <utility>

#include "kernels/simt/api/host_build.h"
#include "kernels/simt/api/launch_request.h"

namespace packproof::simt::detail {

// One launch as the runtime sees it.
struct GridLaunch {
  LaunchGrid grid;
  dim3 block;
  size_t dynamic_shared_bytes;
  void (*run_thread)(const void* call);  // runs the kernel's body for the current thread
  const void* call;
  bool reports_races = false;  // the kernel is one of kernels_race
};

void run_grid(const GridLaunch& launch);

}  // namespace packproof::simt::detail

namespace packproof::simt {
inline namespace PACKPROOF_SIMT_BUILD {

// Runs `kernel` to its end; `stream` is not used. An empty grid is a no-op. A launch that no
// device would take, and every fault inside the kernel, ends the process with a message.
template <class... Params, class... Args>
void launch(void (*kernel)(Params...), LaunchGrid grid, dim3 block, size_t dynamic_shared_bytes,
            cudaStream_t /*stream*/, Args&&... args) {
  static_assert(sizeof...(Params) == sizeof...(Args), "as many arguments as the kernel takes");
  struct Call {
    void (*kernel)(Params...);
    std::tuple<Params...> values;
  };
  const Call call{kernel, std::tuple<Params...>(static_cast<Params>(std::forward<Args>(args))...)};
  auto run_thread = [](const void* erased) {
    const Call& own = *static_cast<const Call*>(erased);
    std::apply(own.kernel, own.values);  // parameters are copied: each thread has its own
  };
  detail::run_grid({grid, block, dynamic_shared_bytes, run_thread, &call, detail::kReportsRaces});
}

}  // namespace PACKPROOF_SIMT_BUILD
}  // namespace packproof::simt
