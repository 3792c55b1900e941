// cp.async: copies of 4, 8 or 16 bytes from global to shared memory that land later (PTX ISA,
// "Non-bulk copy": cp.async, cp.async.commit_group, cp.async.wait_group, cp.async.wait_all; and
// "cp.async.mbarrier.arrive").
//
// A copy belongs to the thread that issues it. Until that thread has waited, the target is
// undefined and the source must not change; then the thread itself sees the target, and others do
// after a barrier. Both addresses are multiples of kBytes.
//
// On the host the target is 0xff bytes until the wait, and the source is read no earlier than the
// issue and no later than the wait. Fatal: an address outside shared memory or past its variable,
// misalignment, a copy for which the thread never waits.
#pragma once

#include <cstdint>

#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include "kernels/device/instructions/shared_address.cuh"
#else
#include "kernels/simt/async/emulated_async.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// Copies source_bytes (0 to kBytes) and fills the rest of kBytes with zeros. With 0 the source is
// not read. 16 bytes bypass L1, as for data that is read once.
template <int kBytes>
__device__ inline void cp_async_zero_fill(void* target, const void* source,
                                          std::uint32_t source_bytes SIMT_AND_CALLER) {
  static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16);
#ifdef __CUDACC__
  if constexpr (kBytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_address(target)),
                 "l"(__cvta_generic_to_global(source)), "r"(source_bytes)
                 : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2, %3;" ::"r"(shared_address(target)),
                 "l"(__cvta_generic_to_global(source)), "n"(kBytes), "r"(source_bytes)
                 : "memory");
  }
#else
  simt::detail::issue_async_copy(target, source, kBytes, source_bytes, site);
#endif
}

template <int kBytes>
__device__ inline void cp_async(void* target, const void* source SIMT_AND_CALLER) {
  static_assert(kBytes == 4 || kBytes == 8 || kBytes == 16);
#ifdef __CUDACC__
  if constexpr (kBytes == 16) {
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"(shared_address(target)),
                 "l"(__cvta_generic_to_global(source))
                 : "memory");
  } else {
    asm volatile("cp.async.ca.shared.global [%0], [%1], %2;" ::"r"(shared_address(target)),
                 "l"(__cvta_generic_to_global(source)), "n"(kBytes)
                 : "memory");
  }
#else
  simt::detail::issue_async_copy(target, source, kBytes, kBytes, site);
#endif
}

// What the thread has issued since its last commit becomes one group, be it empty.
__device__ inline void cp_async_commit_group(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("cp.async.commit_group;" ::: "memory");
#else
  simt::detail::commit_async_copies(site);
#endif
}

// Waits until at most the kPending most recent groups of this thread are pending.
template <int kPending>
__device__ inline void cp_async_wait_group(SIMT_CALLER) {
  static_assert(kPending >= 0);
#ifdef __CUDACC__
  asm volatile("cp.async.wait_group %0;" ::"n"(kPending) : "memory");
#else
  simt::detail::wait_for_async_copies(kPending, site);
#endif
}

// Waits for all copies of this thread, committed or not.
__device__ inline void cp_async_wait_all(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("cp.async.wait_all;" ::: "memory");
#else
  simt::detail::wait_for_all_async_copies(site);
#endif
}

// One of the arrivals that `mbarrier` was initialised for comes when all copies that this thread
// has issued so far have landed. Whoever then waits there sees them.
__device__ inline void cp_async_mbarrier_arrive_noinc(Mbarrier* mbarrier SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.mbarrier.arrive.noinc.shared::cta.b64 [%0];" ::"r"(shared_address(mbarrier))
      : "memory");
#else
  simt::detail::arrive_after_async_copies(mbarrier, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
