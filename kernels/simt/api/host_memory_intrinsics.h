// Loads and stores with cache hints, fences and waiting, on the host. Host only.
#pragma once

#include <type_traits>

#include "kernels/simt/api/host_build.h"
#include "kernels/simt/api/runtime_calls.h"

inline namespace PACKPROOF_SIMT_BUILD {

#define PACKPROOF_SIMT_LOAD(intrinsic) \
  template <class T>                   \
  T intrinsic(const T* address) {      \
    return *address;                   \
  }
PACKPROOF_SIMT_LOAD(__ldg)
PACKPROOF_SIMT_LOAD(__ldca)
PACKPROOF_SIMT_LOAD(__ldcg)
PACKPROOF_SIMT_LOAD(__ldcs)
PACKPROOF_SIMT_LOAD(__ldlu)
PACKPROOF_SIMT_LOAD(__ldcv)
#undef PACKPROOF_SIMT_LOAD

#define PACKPROOF_SIMT_STORE(intrinsic)                              \
  template <class T>                                                 \
  void intrinsic(T* address, const std::type_identity_t<T>& value) { \
    *address = value;                                                \
  }
PACKPROOF_SIMT_STORE(__stwb)
PACKPROOF_SIMT_STORE(__stcg)
PACKPROOF_SIMT_STORE(__stcs)
PACKPROOF_SIMT_STORE(__stwt)
#undef PACKPROOF_SIMT_STORE

inline void __threadfence() { packproof::simt::detail::fence_memory(/*is_device_wide=*/true); }
inline void __threadfence_system() {
  packproof::simt::detail::fence_memory(/*is_device_wide=*/true);
}
inline void __threadfence_block() {
  packproof::simt::detail::fence_memory(/*is_device_wide=*/false);
}

// A thread is never interrupted: a loop that spins on memory hangs unless it calls this.
inline void __nanosleep(unsigned /*nanoseconds*/) { packproof::simt::detail::yield_thread(); }

[[noreturn]] inline void __trap(
    packproof::simt::SourceSite site = packproof::simt::SourceSite::here()) {
  packproof::simt::detail::fail_thread(site, "__trap");
}

}  // namespace PACKPROOF_SIMT_BUILD
