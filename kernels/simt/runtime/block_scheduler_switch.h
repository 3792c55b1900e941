// The path of every switch, inline for the scheduler's own sources. Runtime only.
#pragma once

#include <bit>

#include "kernels/simt/api/thread_coordinates.h"
#include "kernels/simt/block/runtime_scope.h"
#include "kernels/simt/runtime/block_scheduler.h"
#include "kernels/simt/runtime/wait_report.h"

namespace packproof::simt::detail {

// The first set bit at or after position `start`, cyclic. `bits` is not 0. (g++ 12.2 -O2
// miscompiles the other way, to mask the lower bits and choose, where it is inlined below.)
inline uint32_t set_bit_from(uint32_t bits, uint32_t start) {
  const uint32_t from_start = std::rotr(bits, static_cast<int>(start));
  return (start + static_cast<uint32_t>(std::countr_zero(from_start))) % 32;
}

inline Fiber* BlockScheduler::choose_next() {
  while (runnable_warps_ == 0) {
    if (alive_threads_ == 0) return nullptr;
    if (!async_.pending.advance_one()) report_deadlock(*this);
  }
  uint32_t lane_start = 0;
  if (schedule_ == Schedule::kRandom) {
    const uint64_t bits = random_.next();
    // Mostly stay in the warp: long runs of one warp, and short ones, both find races.
    constexpr uint64_t kOneInFour = 3;
    if ((bits & kOneInFour) == 0) current_warp_ = static_cast<uint32_t>(bits >> 8) % kLanes;
    lane_start = static_cast<uint32_t>(bits >> 16) % kLanes;
    if ((bits >> 24 & kOneInFour) == 0) async_.pending.advance_an_eager_one();
  }
  current_warp_ = set_bit_from(runnable_warps_, current_warp_);
  const uint32_t lane = set_bit_from(warps_[current_warp_].runnable, lane_start);
  running_bit_ = 1u << lane;
  Fiber* fiber = &fibers_[current_warp_ * kLanes + lane];
  running_ = fiber;
  threadIdx = fiber->thread_index;
  current_lane = lane;
  return fiber;
}

inline void BlockScheduler::run_next() {
  Fiber* self = static_cast<Fiber*>(running_);
  Fiber* next = choose_next();
  if (next == self) return;
  const bool in_runtime_here = in_runtime;  // for this fiber only
  in_runtime = false;
  switch_fiber(self->context, next != nullptr ? next->context : main_);
  in_runtime = in_runtime_here;
}

inline void BlockScheduler::block_running(const char* intrinsic, const SourceSite& site,
                                          uint32_t mask) {
  BlockThread& fiber = *running_;
  Warp& warp = warps_[current_warp_];
  warp.runnable &= ~running_bit_;
  if (warp.runnable == 0) runnable_warps_ &= ~(1u << current_warp_);
  fiber.waits_at = intrinsic;
  fiber.site = site;
  fiber.mask = mask;
  fiber.describe_wait = nullptr;
}

inline void BlockScheduler::wake(Warp& warp, uint32_t warp_index, uint32_t lanes) {
  if (lanes == 0) return;
  warp.runnable |= lanes;
  runnable_warps_ |= 1u << warp_index;
}

}  // namespace packproof::simt::detail
