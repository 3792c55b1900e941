// Runs the threads of one block at a time as fibers on one OS thread. Runtime only.
#pragma once

#include <cuda_runtime.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "kernels/simt/api/runtime_calls.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/block/block_limits.h"
#include "kernels/simt/fibers/fiber_stacks.h"
#include "kernels/simt/fibers/fiber_switch.h"
#include "kernels/simt/runtime/async_engine.h"
#include "kernels/simt/runtime/options.h"

namespace packproof::simt::detail {

class BlockScheduler;
class RaceDetector;

struct Fiber : BlockThread {
  FiberContext context;
  BlockScheduler* scheduler = nullptr;
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

class BlockScheduler final : public Block {
 public:
  BlockScheduler();
  ~BlockScheduler();

  // The one whose kernel the calling OS thread is running, or null.
  static BlockScheduler* current() { return static_cast<BlockScheduler*>(current_block); }

  // A launch on this scheduler: begin, any number of blocks, end; all on one OS thread.
  void begin_launch(const GridLaunch& launch, const Options& options);
  void run_block(uint64_t block);  // linear index, x fastest
  void end_launch();

  BarrierTally wait_at_block_barrier(const char* intrinsic, bool predicate, const SourceSite& site);
  void meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument, WarpCombine combine,
                 const SourceSite& site) override;
  void yield() override;
  void wait_in(WaitQueue& queue, const WaitPoint& point) override;
  void wake_all(WaitQueue& queue) override;
  void offer_switch() override;

  AsyncEngine& async() { return async_; }
  bool is_block_barrier_pending() const override { return barrier_.arrived != 0; }
  uint32_t alive_lanes(uint32_t warp) const override { return warps_[warp].alive; }
  std::pair<const void*, size_t> stacks() const override { return stacks_.range(); }

  // "random:17", "race:17"; empty in order.
  std::string schedule_name() const;

  RaceDetector* detector() const { return detector_in_use_; }  // null in other builds of kernels
  const std::vector<Fiber>& fibers() const { return fibers_; }

 private:
  static void fiber_main(void* fiber);

  Fiber* choose_next();  // null once all threads have exited
  void run_next();       // returns when the fiber that called it runs again
  void block_running(const char* intrinsic, const SourceSite& site, uint32_t mask);
  void wake(Warp& warp, uint32_t warp_index, uint32_t lanes);
  void finish_thread();
  void draw_accesses_until_switch();
  void switch_after_accesses() override;

  void end_barrier_if_complete();
  void end_meeting(Warp& warp, uint32_t warp_index, WarpMeeting& meeting);

  Schedule schedule_ = Schedule::kInOrder;
  uint64_t seed_ = 0;
  bool launch_ended_ = false;

  uint32_t alive_threads_ = 0;
  uint32_t runnable_warps_ = 0;  // a set bit is a warp with a runnable lane
  uint32_t current_warp_ = 0;    // of the running fiber, as is its bit
  uint32_t running_bit_ = 0;
  FiberContext main_;         // the OS thread's own
  uint64_t longest_run_ = 0;  // of accesses without a switch, in this block
  std::unique_ptr<RaceDetector> detector_;
  RaceDetector* detector_in_use_ = nullptr;
  BlockBarrier barrier_;
  std::array<Warp, kMaxBlockThreads / kLanes> warps_;
  std::vector<Fiber> fibers_;
  FiberStacks stacks_;
  AsyncEngine async_{*this};
};

}  // namespace packproof::simt::detail
