#include "kernels/simt/runtime_calls.h"

#include "kernels/simt/block_scheduler.h"
#include "kernels/simt/fatal.h"

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

void* allocate_static_shared(size_t bytes, size_t alignment, const char* name,
                             const SourceSite& site) {
  return scheduler_for(name).arena().allocate_static(bytes, alignment, name, site);
}

unsigned char* dynamic_shared() { return scheduler_for("SIMT_DYN_SHARED").arena().dynamic(); }

}  // namespace packproof::simt::detail
