// Where a random schedule interrupts a thread that does not wait.
#include <limits>

#include "kernels/simt/runtime/block_scheduler_switch.h"

namespace packproof::simt::detail {

void BlockScheduler::draw_accesses_until_switch() {
  accesses_until_switch_ = std::numeric_limits<uint64_t>::max();
  if (schedule_ != Schedule::kRandom) return;
  // Both short and long runs find races: each block draws what is usual in it, 4 to 512.
  longest_run_ = uint64_t{8} << random_.next() % 8;
  accesses_until_switch_ = 1 + random_.next() % longest_run_;
}

void BlockScheduler::switch_after_accesses() {
  accesses_until_switch_ = 1 + random_.next() % longest_run_;
  // Within a collective the running thread does the work of all; it cannot be left.
  const bool can_be_left = (warps_[running_->warp()].runnable & running_->lane_bit()) != 0;
  if (can_be_left) run_next();
}

void BlockScheduler::offer_switch() {
  if (schedule_ != Schedule::kRandom) return;
  const bool can_be_left = (warps_[running_->warp()].runnable & running_->lane_bit()) != 0;
  if (can_be_left && random_.next() % 2 == 0) run_next();
}

std::string BlockScheduler::schedule_name() const {
  if (schedule_ != Schedule::kRandom) return detector_in_use_ != nullptr ? "race, in order" : "";
  return (detector_in_use_ != nullptr ? "race:" : "random:") + std::to_string(seed_);
}

}  // namespace packproof::simt::detail
