// The block-wide barrier of the scheduler.
#include "kernels/simt/api/source_match.h"
#include "kernels/simt/race/race_detector.h"
#include "kernels/simt/runtime/block_scheduler_switch.h"

namespace packproof::simt::detail {

BarrierTally BlockScheduler::wait_at_block_barrier(const char* intrinsic, bool predicate,
                                                   const SourceSite& site) {
  if (barrier_.arrived == 0) {
    barrier_.intrinsic = intrinsic;
    barrier_.site = site;
  } else if (!is_same_line(barrier_.site, site)) {
    fail_thread(site, "divergent block barrier: this %s meets %s at %s:%d", intrinsic,
                barrier_.intrinsic, barrier_.site.file, barrier_.site.line);
  }
  ++barrier_.arrived;
  barrier_.with_predicate += predicate ? 1 : 0;
  warps_[current_warp_].at_barrier |= running_bit_;
  block_running(intrinsic, site, 0);
  end_barrier_if_complete();
  run_next();
  return barrier_.last;
}

void BlockScheduler::end_barrier_if_complete() {
  if (barrier_.arrived == 0 || barrier_.arrived != alive_threads_) return;
  barrier_.last = {barrier_.arrived, barrier_.with_predicate};
  barrier_.arrived = 0;
  barrier_.with_predicate = 0;
  if (detector_in_use_ != nullptr) {
    const RaceDetector::Pause pause;
    detector_in_use_->block_barrier();
  }
  for (uint32_t index = 0; index * kLanes < thread_count_; ++index) {
    wake(warps_[index], index, warps_[index].at_barrier);
    warps_[index].at_barrier = 0;
  }
}

}  // namespace packproof::simt::detail
