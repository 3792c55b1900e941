// Runs the threads of one block at a time as fibers on one OS thread. Runtime only.
#pragma once

#include <cuda_runtime.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernels/simt/api/launch_host.h"
#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/async/async_engine.h"
#include "kernels/simt/fibers/fiber_stacks.h"
#include "kernels/simt/fibers/fiber_switch.h"
#include "kernels/simt/runtime/block_limits.h"
#include "kernels/simt/runtime/options.h"
#include "kernels/simt/runtime/schedule_random.h"
#include "kernels/simt/runtime/shared_arena.h"
#include "kernels/simt/runtime/thread_wait.h"

namespace packproof::simt::detail {

class BlockScheduler;
class RaceDetector;
extern constinit thread_local BlockScheduler* current_scheduler;

// Of a linear index, x fastest.
uint3 coordinates(uint64_t linear, dim3 extent);

// A CUDA thread.
struct Fiber {
  FiberContext context;
  BlockScheduler* scheduler = nullptr;
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

// A warp collective that some lanes have reached and others have not.
struct WarpMeeting {
  uint32_t mask = 0;  // 0 when it is not pending
  uint32_t arrived = 0;
  const char* intrinsic = nullptr;
  WarpCombine combine = nullptr;
  SourceSite site;
  std::array<void*, kLanes> lane_arguments{};

  bool is_complete(uint32_t alive) const { return arrived == (mask & alive); }
};

// A set bit is a lane.
struct Warp {
  uint32_t alive = 0;
  uint32_t runnable = 0;
  uint32_t at_barrier = 0;
  uint32_t in_meetings = 0;  // the union of the masks of pending meetings, which are disjoint
  std::array<WarpMeeting, kLanes> meetings;  // a pending one is at its mask's lowest lane
};

struct BlockBarrier {
  uint32_t arrived = 0;
  uint32_t with_predicate = 0;
  const char* intrinsic = nullptr;
  SourceSite site;
  BarrierTally last;  // the next round cannot end before all have read this
};

class BlockScheduler {
 public:
  BlockScheduler();
  ~BlockScheduler();

  // The one whose kernel the calling OS thread is running, or null.
  static BlockScheduler* current() { return current_scheduler; }

  // A launch on this scheduler: begin, any number of blocks, end; all on one OS thread.
  void begin_launch(const GridLaunch& launch, const Options& options);
  void run_block(uint64_t block);  // linear index, x fastest
  void end_launch();

  // For the running fiber (see runtime_calls.h).
  BarrierTally wait_at_block_barrier(const char* intrinsic, bool predicate, const SourceSite& site);
  void meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument, WarpCombine combine,
                 const SourceSite& site);
  void yield();

  // For the async engine. wait_in suspends the running fiber until wake_all of the queue.
  void wait_in(WaitQueue& queue, const WaitPoint& point);
  void wake_all(WaitQueue& queue);

  AsyncEngine& async() { return async_; }
  ScheduleRandom& random() { return random_; }
  bool draws_at_random() const { return schedule_ == Schedule::kRandom; }
  bool is_block_barrier_pending() const { return barrier_.arrived != 0; }
  uint32_t alive_lanes(uint32_t warp) const { return warps_[warp].alive; }

  // Where a random schedule may let another thread run first: before any access to memory, once in
  // a while; and before an atomic or an emulated access, as often as not.
  void count_access() {
    if (--accesses_until_switch_ == 0) switch_after_accesses();
  }
  void offer_switch();

  // "random:17", "race:17"; empty in order.
  std::string schedule_name() const;

  SharedArena& arena() { return arena_; }
  const SharedArena& arena() const { return arena_; }
  std::pair<const void*, size_t> stacks() const { return stacks_.range(); }
  RaceDetector* detector() const { return detector_in_use_; }  // null in other builds of kernels
  const Fiber& running() const { return *running_; }
  const std::vector<Fiber>& fibers() const { return fibers_; }
  uint32_t thread_count() const { return thread_count_; }
  const GridLaunch& launch() const { return *launch_; }

 private:
  static void fiber_main(void* fiber);

  Fiber* choose_next();  // null once all threads have exited
  void run_next();       // returns when the fiber that called it runs again
  void block_running(const char* intrinsic, const SourceSite& site, uint32_t mask);
  void wake(Warp& warp, uint32_t warp_index, uint32_t lanes);
  void finish_thread();
  void draw_accesses_until_switch();
  void switch_after_accesses();

  void end_barrier_if_complete();
  void end_meeting(Warp& warp, uint32_t warp_index, WarpMeeting& meeting);

  const GridLaunch* launch_ = nullptr;
  Schedule schedule_ = Schedule::kInOrder;
  uint64_t seed_ = 0;
  bool launch_ended_ = false;

  uint32_t thread_count_ = 0;
  uint32_t alive_threads_ = 0;
  uint32_t runnable_warps_ = 0;  // a set bit is a warp with a runnable lane
  uint32_t current_warp_ = 0;    // of the running fiber, as is its bit
  uint32_t running_bit_ = 0;
  Fiber* running_ = nullptr;
  FiberContext main_;  // the OS thread's own
  ScheduleRandom random_;
  uint64_t accesses_until_switch_ = 0;
  uint64_t longest_run_ = 0;  // of accesses without a switch, in this block
  std::unique_ptr<RaceDetector> detector_;
  RaceDetector* detector_in_use_ = nullptr;
  BlockBarrier barrier_;
  std::array<Warp, kMaxBlockThreads / kLanes> warps_;
  std::vector<Fiber> fibers_;
  FiberStacks stacks_;
  SharedArena arena_;
  AsyncEngine async_{*this};
};

}  // namespace packproof::simt::detail
