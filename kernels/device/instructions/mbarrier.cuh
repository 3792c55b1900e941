// mbarrier: a barrier in shared memory that counts arrivals and the bytes of asynchronous copies
// (PTX ISA, "Parallel Synchronization and Communication Instructions: mbarrier").
//
// A phase completes when its arrivals have come and as many bytes as were expected. Phases are
// told apart by their parity: the first is 0. Waiting for parity p returns once the phase of that
// parity has completed, which is also so when the current phase has the other parity: on a fresh
// mbarrier a wait for parity 1 returns at once. Arriving releases what the thread did before;
// waiting acquires it.
//
// On the host a wait that never ends is reported with the arrivals and bytes that are missing.
// Fatal: use of what is not a valid mbarrier, more arrivals than its count, too many bytes at the
// end of the block, a copy that names an mbarrier whose init was not fenced.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include "kernels/device/instructions/shared_address.cuh"
#else
#include "kernels/simt/async/emulated_async.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// Opaque; only the functions here may touch it.
struct alignas(8) Mbarrier {
  std::uint64_t opaque;
};

// One thread, before any other use; then mbarrier_init_fence and a barrier for the others. Every
// phase needs `arrivals`, 1 to 2^20 - 1.
__device__ inline void mbarrier_init(Mbarrier* mbarrier, std::uint32_t arrivals SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(shared_address(mbarrier)),
               "r"(arrivals)
               : "memory");
#else
  simt::detail::init_mbarrier(mbarrier, arrivals, site);
#endif
}

// Makes this thread's mbarrier_inits visible to the asynchronous proxy, that is to copies (PTX ISA,
// "Memory consistency: membar/fence", fence.mbarrier_init).
__device__ inline void mbarrier_init_fence(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
#else
  simt::detail::fence_mbarrier_inits(site);
#endif
}

// Before the memory is used for anything else. No thread or copy may still use the mbarrier.
__device__ inline void mbarrier_inval(Mbarrier* mbarrier SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("mbarrier.inval.shared::cta.b64 [%0];" ::"r"(shared_address(mbarrier)) : "memory");
#else
  simt::detail::invalidate_mbarrier(mbarrier, site);
#endif
}

// `count` of the phase's arrivals.
__device__ inline void mbarrier_arrive(Mbarrier* mbarrier,
                                       std::uint32_t count = 1 SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(mbarrier)),
               "r"(count)
               : "memory");
#else
  simt::detail::arrive_at_mbarrier(mbarrier, count, site);
#endif
}

// The phase needs `bytes` more, at most 2^20 - 1 in all. Does not arrive.
__device__ inline void mbarrier_expect_tx(Mbarrier* mbarrier, std::uint32_t bytes SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "mbarrier.expect_tx.relaxed.cta.shared::cta.b64 [%0], %1;" ::"r"(shared_address(mbarrier)),
      "r"(bytes)
      : "memory");
#else
  simt::detail::expect_mbarrier_bytes(mbarrier, bytes, site);
#endif
}

// mbarrier_expect_tx, then one arrival.
__device__ inline void mbarrier_arrive_expect_tx(Mbarrier* mbarrier,
                                                 std::uint32_t bytes SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(shared_address(mbarrier)),
      "r"(bytes)
      : "memory");
#else
  simt::detail::arrive_and_expect_mbarrier_bytes(mbarrier, bytes, site);
#endif
}

// As a copy that has moved `bytes` does.
__device__ inline void mbarrier_complete_tx(Mbarrier* mbarrier,
                                            std::uint32_t bytes SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("mbarrier.complete_tx.relaxed.cluster.shared::cluster.b64 [%0], %1;" ::"r"(
                   shared_address(mbarrier)),
               "r"(bytes)
               : "memory");
#else
  simt::detail::complete_mbarrier_bytes(mbarrier, bytes, site);
#endif
}

// Whether the phase of `parity` (0 or 1) has completed.
__device__ inline bool mbarrier_test_wait(Mbarrier* mbarrier,
                                          std::uint32_t parity SIMT_AND_CALLER) {
#ifdef __CUDACC__
  std::uint32_t complete;
  asm volatile(
      "{\n"
      ".reg .pred complete;\n"
      "mbarrier.test_wait.parity.shared::cta.b64 complete, [%1], %2;\n"
      "selp.u32 %0, 1, 0, complete;\n"
      "}"
      : "=r"(complete)
      : "r"(shared_address(mbarrier)), "r"(parity)
      : "memory");
  return complete != 0;
#else
  return simt::detail::test_mbarrier(mbarrier, parity, site);
#endif
}

// Waits for the phase of `parity`, for as long as the hardware cares to: false says nothing.
__device__ inline bool mbarrier_try_wait(Mbarrier* mbarrier, std::uint32_t parity SIMT_AND_CALLER) {
#ifdef __CUDACC__
  std::uint32_t complete;
  asm volatile(
      "{\n"
      ".reg .pred complete;\n"
      "mbarrier.try_wait.parity.shared::cta.b64 complete, [%1], %2;\n"
      "selp.u32 %0, 1, 0, complete;\n"
      "}"
      : "=r"(complete)
      : "r"(shared_address(mbarrier)), "r"(parity)
      : "memory");
  return complete != 0;
#else
  return simt::detail::try_wait_for_mbarrier(mbarrier, parity, site);
#endif
}

// Waits until the phase of `parity` has completed.
__device__ inline void mbarrier_wait(Mbarrier* mbarrier, std::uint32_t parity SIMT_AND_CALLER) {
#ifdef __CUDACC__
  while (!mbarrier_try_wait(mbarrier, parity)) {
  }
#else
  simt::detail::wait_for_mbarrier(mbarrier, parity, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
