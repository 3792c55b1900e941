// The block that runs, as asynchronous operations, matrix products and the race detector see it.
// The scheduler (runtime/block_scheduler.h) is the one that there is. Runtime only.
#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "kernels/simt/api/launch_host.h"
#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/block_limits.h"
#include "kernels/simt/block/schedule_random.h"
#include "kernels/simt/block/shared_arena.h"
#include "kernels/simt/block/thread_wait.h"

namespace packproof::simt::detail {

class Block;
extern constinit thread_local Block* current_block;

// Of a linear index, x fastest.
uint3 coordinates(uint64_t linear, dim3 extent);

// A CUDA thread.
struct BlockThread {
  uint32_t thread = 0;  // linear index in the block
  uint3 thread_index{};

  // What it waits at, or last waited at; `waits_at` is null once it has exited.
  const char* waits_at = nullptr;
  SourceSite site;
  uint32_t mask = 0;                        // 0 but at a warp collective
  WaitDescription describe_wait = nullptr;  // set in wait_in only
  const void* wait_object = nullptr;

  uint32_t lane() const { return thread % kLanes; }
  uint32_t warp() const { return thread / kLanes; }
  uint32_t lane_bit() const { return 1u << lane(); }
};

class Block {
 public:
  // The one whose kernel the calling OS thread is running, or null.
  static Block* current() { return current_block; }

  // For the running thread (see runtime_calls.h).
  virtual void meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument,
                         WarpCombine combine, const SourceSite& site) = 0;
  virtual void yield() = 0;
  // Suspends it until wake_all of the queue.
  virtual void wait_in(WaitQueue& queue, const WaitPoint& point) = 0;
  virtual void wake_all(WaitQueue& queue) = 0;

  // Where a random schedule may let another thread run first: before any access to memory, once in
  // a while; and before an atomic or an emulated access, as often as not.
  void count_access() {
    if (--accesses_until_switch_ == 0) switch_after_accesses();
  }
  virtual void offer_switch() = 0;

  virtual bool is_block_barrier_pending() const = 0;
  virtual uint32_t alive_lanes(uint32_t warp) const = 0;
  virtual std::pair<const void*, size_t> stacks() const = 0;  // of all threads

  ScheduleRandom& random() { return random_; }
  bool draws_at_random() const { return draws_at_random_; }
  SharedArena& arena() { return arena_; }
  const SharedArena& arena() const { return arena_; }
  const BlockThread& running() const { return *running_; }
  uint32_t thread_count() const { return thread_count_; }
  const GridLaunch& launch() const { return *launch_; }

 protected:
  Block() = default;
  ~Block() = default;
  virtual void switch_after_accesses() = 0;

  const GridLaunch* launch_ = nullptr;
  uint32_t thread_count_ = 0;
  BlockThread* running_ = nullptr;
  ScheduleRandom random_;
  bool draws_at_random_ = false;
  uint64_t accesses_until_switch_ = 0;
  SharedArena arena_;
};

}  // namespace packproof::simt::detail
