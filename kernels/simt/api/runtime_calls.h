// What the intrinsics' headers call in the executor's runtime. Host only; not for kernels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

constexpr uint32_t kFullMask = 0xffffffffu;

struct BarrierTally {
  uint32_t arrived = 0;         // threads that took part
  uint32_t with_predicate = 0;  // of those, with a predicate that was not zero
};

// Waits until every thread of the block that has not exited is here.
BarrierTally wait_at_block_barrier(const char* intrinsic, bool predicate, const SourceSite& site);

// Computes a warp collective: reads and writes the arguments of the lanes in `participants`;
// the entries of all other lanes are not to be read.
using WarpCombine = void (*)(void* const* lane_arguments, uint32_t participants);

// Waits until every lane of `mask` that has not exited is here; the last to arrive runs
// `combine` (may be null) for all.
void meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument, WarpCombine combine,
               const SourceSite& site);

// Lets other threads of the block run. A thread that spins on memory must call it.
void yield_thread();

// __threadfence (for all blocks) or __threadfence_block.
void fence_memory(bool is_device_wide);

// Before an atomic access: a random schedule may let other threads run first.
void before_atomic_access();

// This block's variable of static shared memory, poisoned; released when the block ends.
void* allocate_static_shared(size_t bytes, size_t alignment, const char* name,
                             const SourceSite& site);
unsigned char* dynamic_shared();

// Changes with every block that an OS thread runs; never 0 in a kernel.
extern constinit thread_local uint64_t block_serial;

// Ends the process with one line on stderr: the site, the block, the thread, the message.
[[noreturn]] void fail_thread(const SourceSite& site, const char* format, ...)
    __attribute__((format(printf, 2, 3)));

}  // namespace packproof::simt::detail
