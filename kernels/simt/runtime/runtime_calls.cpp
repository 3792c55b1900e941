#include "kernels/simt/api/runtime_calls.h"

#include <atomic>

#include "kernels/simt/block/fatal.h"
#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {
namespace {

BlockScheduler& scheduler_for(const char* caller) {
  BlockScheduler* scheduler = BlockScheduler::current();
  if (scheduler == nullptr) fatal("%s is called outside a kernel", caller);
  return *scheduler;
}

}  // namespace

BarrierTally wait_at_block_barrier(const char* intrinsic, bool predicate, const SourceSite& site) {
  return scheduler_for(intrinsic).wait_at_block_barrier(intrinsic, predicate, site);
}

void meet_warp(uint32_t mask, const char* intrinsic, void* lane_argument, WarpCombine combine,
               const SourceSite& site) {
  scheduler_for(intrinsic).meet_warp(mask, intrinsic, lane_argument, combine, site);
}

void yield_thread() { scheduler_for("__nanosleep").yield(); }

void fence_memory(bool is_device_wide) {
  // Blocks may run on several OS threads; within a block these are fibers and need no fence.
  if (is_device_wide) std::atomic_thread_fence(std::memory_order_seq_cst);
  if (RaceDetector* detector = RaceDetector::listening()) {
    const RaceDetector::Pause pause;
    detector->fence(is_device_wide);
  }
}

void before_atomic_access() {
  if (BlockScheduler* scheduler = BlockScheduler::current()) scheduler->offer_switch();
}

void* allocate_static_shared(size_t bytes, size_t alignment, const char* name,
                             const SourceSite& site) {
  return scheduler_for(name).arena().allocate_static(bytes, alignment, name, site);
}

unsigned char* dynamic_shared() { return scheduler_for("SIMT_DYN_SHARED").arena().dynamic(); }

}  // namespace packproof::simt::detail
