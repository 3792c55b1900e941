#include "kernels/simt/race/race_detector.h"

#include <algorithm>

#include "kernels/simt/api/thread_coordinates.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/race/race_report.h"

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kLanesOfWarp = 32;

bool is_atomic(AccessKind kind) {
  return kind == AccessKind::kAtomicRead || kind == AccessKind::kAtomicWrite;
}
bool is_write(AccessKind kind) {
  return kind == AccessKind::kWrite || kind == AccessKind::kAtomicWrite;
}
bool conflict(AccessKind a, AccessKind b) {
  return (is_write(a) || is_write(b)) && !(is_atomic(a) && is_atomic(b));
}

// Whatever races with `a` races with a `b` that comes after it.
bool stands_for(AccessKind b, AccessKind a) {
  return a == b || b == AccessKind::kWrite ||
         (a == AccessKind::kAtomicRead && b == AccessKind::kAtomicWrite);
}

}  // namespace

constinit thread_local RaceDetector* RaceDetector::listening_ = nullptr;

void RaceDetector::begin_launch(uint32_t thread_count) {
  clocks_.begin_launch(thread_count);
  fences_.begin_launch(thread_count);
  shadow_.cover_shared(block_.arena().base(), SharedArena::kBytes);
  const auto [stacks, bytes] = block_.stacks();
  stacks_begin_ = reinterpret_cast<uintptr_t>(stacks);
  stacks_bytes_ = bytes;
  // Each OS thread has its own copies of these, next to each other.
  const std::initializer_list<Range> own = {
      {reinterpret_cast<uintptr_t>(&threadIdx), sizeof(threadIdx)},
      {reinterpret_cast<uintptr_t>(&blockIdx), sizeof(blockIdx)},
      {reinterpret_cast<uintptr_t>(&blockDim), sizeof(blockDim)},
      {reinterpret_cast<uintptr_t>(&gridDim), sizeof(gridDim)},
      {reinterpret_cast<uintptr_t>(&current_lane), sizeof(current_lane)},
      {reinterpret_cast<uintptr_t>(&block_serial), sizeof(block_serial)}};
  uintptr_t end = 0;
  own_begin_ = ~uintptr_t{0};
  for (const Range& range : own) {
    own_begin_ = std::min(own_begin_, range.address);
    end = std::max(end, range.address + range.bytes);
  }
  own_bytes_ = end - own_begin_;
  listening_ = this;
}

void RaceDetector::begin_block(uint64_t block) {
  clocks_.begin_block(block);
  fences_.begin_block();
}

void RaceDetector::end_launch() {
  listening_ = nullptr;
  shadow_.clear();  // launches come one after another
}

void RaceDetector::fence(bool is_device_wide) {
  fences_.fence(block_.running().thread, is_device_wide);
}

void RaceDetector::order_before_atomic(uintptr_t address, AtomicOrder order) {
  fences_.before_atomic(block_.running().thread, address, order);
}

void RaceDetector::order_after_atomic(uintptr_t address, AtomicOrder order) {
  fences_.after_atomic(block_.running().thread, address, order);
}

template <bool kShared>
void RaceDetector::touch(Cell& cell, const Actor& actor, const Access& access) {
  check<kShared>(cell.write, actor, access);
  if (is_write(access.kind)) check<kShared>(cell.read, actor, access);
  if (cell.has_spilt_others || (cell.has_spilt_reads && is_write(access.kind))) {
    check_spill<kShared>(cell, actor, access);
  }
  if (is_atomic(access.kind)) {
    keep<kShared>(shadow_.spill_of(cell).atomics, actor, access);
    cell.has_spilt_others = true;
    return;
  }
  Access& last = access.kind == AccessKind::kWrite ? cell.write : cell.read;
  if (last.bytes == 0) {
    last = access;
  } else if (!takes_in<kShared>(last, actor, access)) {
    const bool is_read = access.kind == AccessKind::kRead;
    Spill& spill = shadow_.spill_of(cell);
    // Whoever comes is likely to come again: it is kept in the cell, and the last goes.
    const Access gone = last;
    last = keep<kShared>(is_read ? spill.reads : spill.writes, actor, access, &gone);
    (is_read ? cell.has_spilt_reads : cell.has_spilt_others) = true;
  }
}

template void RaceDetector::touch<true>(Cell&, const Actor&, const Access&);
template void RaceDetector::touch<false>(Cell&, const Actor&, const Access&);

template <bool kShared>
void RaceDetector::check_spill(Cell& cell, const Actor& actor, const Access& access) {
  Spill& spill = shadow_.spill_of(cell);
  check<kShared>(spill.writes, actor, access);
  if (is_write(access.kind)) check<kShared>(spill.reads, actor, access);
  if (!is_atomic(access.kind)) check<kShared>(spill.atomics, actor, access);
  cell.has_spilt_reads = !spill.reads.empty();
  cell.has_spilt_others = !spill.writes.empty() || !spill.atomics.empty();
}

template <bool kShared>
void RaceDetector::check(std::vector<Access>& earlier, const Actor& actor, const Access& access) {
  for (Access& each : earlier) check<kShared>(each, actor, access);
  if (access.kind == AccessKind::kWrite) {
    std::erase_if(earlier, [](const Access& each) { return each.bytes == 0; });
  }
}

template <bool kShared>
inline void RaceDetector::check(Access& earlier, const Actor& actor, const Access& access) {
  if ((earlier.bytes & access.bytes) == 0) return;
  uint32_t lane = 0;
  if (!is_ordered<kShared>(earlier, actor, &lane)) {
    if (!conflict(earlier.kind, access.kind)) return;
    report_race({block_, clocks_, range_.address, range_.bytes, earlier, lane, access});
  }
  if (access.by_async_proxy && access.kind == AccessKind::kRead) {
    if (kShared && earlier.clock < clocks_.block_start()) return;
    check_proxy(earlier, actor, access);
  }
  if (access.kind == AccessKind::kWrite) {
    earlier.bytes = static_cast<uint8_t>(earlier.bytes & ~access.bytes);
  }
}

// What was written through the generic proxy is not yet there for the async proxy.
void RaceDetector::check_proxy(const Access& earlier, const Actor& actor,
                               const Access& access) const {
  if (!is_write(earlier.kind) || earlier.by_async_proxy) return;
  const bool is_thread = (earlier.actor & kAsyncActor) == 0;
  const uint32_t lane = static_cast<uint32_t>(__builtin_ctz(earlier.lanes));
  const uint32_t id = is_thread ? earlier.actor * kLanesOfWarp + lane : earlier.actor ^ kAsyncActor;
  if (clocks_.is_fenced(actor, is_thread, id, earlier.clock)) return;
  report_missing_proxy_fence(
      {block_, clocks_, range_.address, range_.bytes, earlier, lane, access});
}

// Puts `access` into the record `earlier`, if nothing is lost by that.
template <bool kShared>
inline bool RaceDetector::takes_in(Access& earlier, const Actor& actor,
                                   const Access& access) const {
  if (earlier.is_same_but_for_lanes(access)) {
    earlier.lanes |= access.lanes;
    return true;
  }
  const bool stands_already = earlier.clock == access.clock && earlier.actor == access.actor &&
                              (earlier.lanes & access.lanes) == access.lanes &&
                              (earlier.bytes & access.bytes) == access.bytes &&
                              stands_for(earlier.kind, access.kind) &&
                              earlier.by_async_proxy == access.by_async_proxy;
  if (stands_already) return true;
  uint32_t lane;
  if ((earlier.bytes & ~access.bytes) == 0 && stands_for(access.kind, earlier.kind) &&
      is_ordered<kShared>(earlier, actor, &lane)) {
    earlier = access;
    return true;
  }
  return false;
}

// Takes the access into the list, or into one of the list's, which it then returns; `instead` takes
// that one's place.
template <bool kShared>
Access RaceDetector::keep(std::vector<Access>& list, const Actor& actor, const Access& access,
                          const Access* instead) {
  // Those of this block come last; a walk over those of others would find nothing.
  for (size_t i = list.size(); i-- > 0 && list[i].clock >= clocks_.block_start();) {
    if (!takes_in<kShared>(list[i], actor, access)) continue;
    const Access taken = list[i];
    if (instead != nullptr) list[i] = *instead;
    return taken;
  }
  list.push_back(instead != nullptr ? *instead : access);
  return access;
}

template <bool kShared>
inline bool RaceDetector::is_ordered(const Access& earlier, const Actor& actor,
                                     uint32_t* unordered_lane) const {
  const bool is_async = (earlier.actor & kAsyncActor) != 0;
  if (earlier.clock < clocks_.block_start()) {
    if (kShared) return true;  // the memory belonged to another block then
    for (uint32_t rest = earlier.lanes; rest != 0; rest &= rest - 1) {
      const uint32_t lane = static_cast<uint32_t>(__builtin_ctz(rest));
      const uint32_t id =
          is_async ? earlier.actor ^ kAsyncActor : earlier.actor * kLanesOfWarp + lane;
      *unordered_lane = lane;
      if (!clocks_.is_after_other_block(actor, !is_async, id, earlier.clock)) return false;
    }
    return true;
  }
  if (is_async) {
    return (earlier.actor == actor.id && earlier.clock == actor.clock) ||
           clocks_.is_after_async(actor, earlier.actor ^ kAsyncActor, earlier.clock);
  }
  if (earlier.clock <= actor.floor) return true;
  uint32_t rest = earlier.lanes;
  if (earlier.actor == actor.id) rest &= ~actor.lane_bit;  // its own are in order
  for (; rest != 0; rest &= rest - 1) {
    const uint32_t lane = static_cast<uint32_t>(__builtin_ctz(rest));
    *unordered_lane = lane;
    if (!clocks_.is_after_thread(actor, earlier.actor * kLanesOfWarp + lane, earlier.clock)) {
      return false;
    }
  }
  return true;
}

}  // namespace packproof::simt::detail
