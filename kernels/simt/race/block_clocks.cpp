#include "kernels/simt/race/block_clocks.h"

#include <algorithm>
#include <limits>

#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kLanesOfWarp = 32;

}  // namespace

void BlockClocks::begin_launch(uint32_t thread_count) {
  thread_count_ = thread_count;
  if (threads_.size() < thread_count) threads_.resize(thread_count);
  runs_.clear();
  latest_ = 0;
}

void BlockClocks::begin_block(uint64_t block) {
  ++version_;
  if (latest_ > std::numeric_limits<Clock>::max() / 2) {
    fatal("the launch is too large for the race detector: more than 2^31 steps of its clock");
  }
  block_start_ = latest_ + 1;
  runs_.push_back({block_start_, block});
  common_floor_ = latest_;
  latest_ = block_start_;
  common_blocks_.clear();
  common_fenced_.clear();
  for (uint32_t i = 0; i < thread_count_; ++i) {
    threads_[i].clock = block_start_;
    threads_[i].seen.clear();
    threads_[i].fenced.clear();
  }
  slots_.clear();
  free_slots_.assign(thread_count_, {});
}

Actor BlockClocks::actor(uint32_t thread) const {
  const Thread& own = threads_[thread];
  return {static_cast<uint16_t>(thread / kLanesOfWarp),
          1u << thread % kLanesOfWarp,
          own.clock,
          common_floor_,
          std::numeric_limits<Clock>::max(),
          &own.seen,
          &own.fenced};
}

Actor BlockClocks::actor(const AsyncActor& operation) const {
  const AsyncSlot& slot = slots_[operation.slot];
  // Its floor is in `seen`: that of the issue.
  return {static_cast<uint16_t>(kAsyncActor | operation.slot),
          1,
          operation.epoch,
          0,
          operation.epoch,
          &slot.seen,
          &slot.fenced};
}

void BlockClocks::advance(Thread& thread) {
  ++version_;
  ++thread.clock;
  latest_ = std::max(latest_, thread.clock);
}

void BlockClocks::block_barrier() {
  ++version_;
  common_floor_ = latest_;
  for (uint32_t i = 0; i < thread_count_; ++i) {
    Thread& thread = threads_[i];
    if (!thread.seen.is_empty()) {
      for (const auto& [slot, clock] : thread.seen.async()) {
        AsyncSlot& operation = slots_[slot];
        if (operation.common_clock() >= clock) continue;
        operation.common.push_back({clock, latest_ + 1});
        if (clock == operation.clock && !operation.is_free) {
          operation.is_free = true;
          free_slots_[operation.issuer].push_back(slot);
        }
      }
      for (const Knowledge::Block& other : thread.seen.blocks()) {
        common_blocks_.learn_block(other.run, other.known);
      }
      thread.seen.clear();
    }
    if (!thread.fenced.is_empty()) {
      common_fenced_.join(thread.fenced);
      thread.fenced.clear();
    }
    thread.clock = latest_ + 1;
  }
  ++latest_;
}

void BlockClocks::warp_barrier(uint32_t warp, uint32_t lanes) {
  ++version_;
  const uint32_t first = warp * kLanesOfWarp;
  Clock newest = 0;
  bool any_fence = false;
  scratch_seen_.clear();
  scratch_fenced_.clear();
  for (uint32_t rest = lanes; rest != 0; rest &= rest - 1) {
    const uint32_t index = first + static_cast<uint32_t>(__builtin_ctz(rest));
    const Thread& thread = threads_[index];
    scratch_seen_.join(thread.seen);
    scratch_seen_.learn_thread(index, thread.clock);
    newest = std::max(newest, thread.clock);
    if (thread.fenced.is_empty()) continue;
    scratch_fenced_.join(thread.fenced);
    any_fence = true;
  }
  for (uint32_t rest = lanes; rest != 0; rest &= rest - 1) {
    const uint32_t index = first + static_cast<uint32_t>(__builtin_ctz(rest));
    Thread& thread = threads_[index];
    thread.seen.join(scratch_seen_);
    if (any_fence) thread.fenced.join(scratch_fenced_);
    thread.clock = newest + 1;  // one for all, so that their accesses share a record
    if (!scratch_seen_.async().empty()) learn_async(index, scratch_seen_);
  }
  latest_ = std::max(latest_, newest + 1);
}

void BlockClocks::release(uint32_t thread, OrderClock& into) {
  Thread& own = threads_[thread];
  into.seen.join(own.seen);
  into.seen.learn_thread(thread, own.clock);
  into.fenced.join(own.fenced);
  advance(own);
}

void BlockClocks::acquire(uint32_t thread, const OrderClock& from) {
  Thread& own = threads_[thread];
  own.seen.join(from.seen);
  own.fenced.join(from.fenced);
  learn_async(thread, from.seen);
}

void BlockClocks::proxy_fence(uint32_t thread) {
  Thread& own = threads_[thread];
  own.fenced.join(own.seen);
  own.fenced.learn_all_threads(common_floor_);
  own.fenced.learn_thread(thread, own.clock);
  own.fenced.join_beyond_threads(common_blocks_);
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    const Clock known = slots_[slot].common_clock();
    if (known != 0) own.fenced.learn_async(slot, known);
  }
  advance(own);
}

std::shared_ptr<const Publication> BlockClocks::publish(uint32_t thread, bool is_device_wide) {
  Thread& own = threads_[thread];
  auto published = std::make_shared<Publication>();
  published->run = run();
  published->thread = thread;
  published->clock = own.clock;
  published->is_device_wide = is_device_wide;
  published->seen = own.seen;
  published->seen.learn_all_threads(common_floor_);
  published->seen.learn_thread(thread, own.clock);
  published->seen.join_beyond_threads(common_blocks_);
  for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
    const Clock known = slots_[slot].common_clock();
    if (known != 0) published->seen.learn_async(slot, known);
  }
  published->fenced = own.fenced;
  published->fenced.join(common_fenced_);
  advance(own);
  return published;
}

void BlockClocks::acquire(uint32_t thread, const std::shared_ptr<const Publication>& from) {
  Thread& own = threads_[thread];
  if (from->run == run()) {
    own.seen.join(from->seen);
    own.fenced.join(from->fenced);
    learn_async(thread, from->seen);
    return;
  }
  own.seen.learn_block(from->run, from);
  for (const Knowledge::Block& other : from->seen.blocks()) {
    if (other.run != run()) own.seen.learn_block(other.run, other.known);
  }
}

uint32_t BlockClocks::run_at(Clock clock) const {
  const auto after = std::upper_bound(runs_.begin(), runs_.end(), clock,
                                      [](Clock c, const Run& r) { return c < r.start; });
  return static_cast<uint32_t>(after - runs_.begin()) - 1;
}

bool BlockClocks::is_after_other_block(const Actor& actor, bool is_thread, uint32_t id,
                                       Clock clock) const {
  const uint32_t other = run_at(clock);
  for (const Knowledge* knowledge : {actor.seen, &common_blocks_}) {
    const Publication* known = knowledge->of_block(other);
    if (known == nullptr) continue;
    if (is_thread ? known->seen.covers_thread(id, clock) : known->seen.covers_async(id, clock)) {
      return true;
    }
  }
  return false;
}

bool BlockClocks::is_fenced(const Actor& actor, bool is_thread, uint32_t id, Clock clock) const {
  if (clock >= block_start_) {
    return is_thread ? actor.fenced->covers_thread(id, clock)
                     : actor.fenced->covers_async(id, clock);
  }
  const uint32_t other = run_at(clock);
  // Fenced here after it was acquired, or by those who published it.
  if (actor.fenced->of_block(other) != nullptr) return true;
  const Publication* known = actor.seen->of_block(other);
  if (known == nullptr) known = common_blocks_.of_block(other);
  return known != nullptr && (is_thread ? known->fenced.covers_thread(id, clock)
                                        : known->fenced.covers_async(id, clock));
}

}  // namespace packproof::simt::detail
