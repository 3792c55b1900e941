// cp.async.bulk: runs of bytes between global and shared memory, issued by one thread (PTX ISA,
// "Bulk copy": cp.async.bulk, cp.async.bulk.commit_group, cp.async.bulk.wait_group). The groups are
// those of tensor stores too.
//
// Addresses and sizes are multiples of 16 bytes. Copies go through the asynchronous proxy: what
// threads wrote to shared memory needs fence_proxy_async_shared and a barrier before a store.
//
// On the host a load's target is 0xff bytes until its mbarrier has the bytes; a store reads shared
// memory at some time before its wait. Fatal: misalignment, what lies outside a variable, an
// mbarrier that was not fenced, a load still pending or a store never waited for when the block
// ends.
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

// `bytes` from global to shared memory; then they complete at `mbarrier`, which must expect them.
__device__ inline void bulk_load(void* shared, const void* global, std::uint32_t bytes,
                                 Mbarrier* mbarrier SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "cp.async.bulk.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1], %2, [%3];" ::
          "r"(shared_address(shared)),
      "l"(__cvta_generic_to_global(global)), "r"(bytes), "r"(shared_address(mbarrier))
      : "memory");
#else
  simt::detail::issue_bulk_load(shared, global, bytes, mbarrier, site);
#endif
}

// `bytes` from shared to global memory, in the thread's current group.
__device__ inline void bulk_store(void* global, const void* shared,
                                  std::uint32_t bytes SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("cp.async.bulk.global.shared::cta.bulk_group [%0], [%1], %2;" ::"l"(
                   __cvta_generic_to_global(global)),
               "r"(shared_address(shared)), "r"(bytes)
               : "memory");
#else
  simt::detail::issue_bulk_store(global, shared, bytes, site);
#endif
}

// What the thread has stored since its last commit becomes one group.
__device__ inline void bulk_commit_group(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("cp.async.bulk.commit_group;" ::: "memory");
#else
  simt::detail::commit_bulk_stores(site);
#endif
}

// Waits until all but the kPending most recent groups of this thread are written to global memory.
template <int kPending>
__device__ inline void bulk_wait_group(SIMT_CALLER) {
  static_assert(kPending >= 0);
#ifdef __CUDACC__
  asm volatile("cp.async.bulk.wait_group %0;" ::"n"(kPending) : "memory");
#else
  simt::detail::wait_until_bulk_stores_are_written(kPending, site);
#endif
}

// The same, but only until their shared memory is read and may be used again.
template <int kPending>
__device__ inline void bulk_wait_group_read(SIMT_CALLER) {
  static_assert(kPending >= 0);
#ifdef __CUDACC__
  asm volatile("cp.async.bulk.wait_group.read %0;" ::"n"(kPending) : "memory");
#else
  simt::detail::wait_until_bulk_stores_are_read(kPending, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
