// The asynchronous operations of a block, in its clocks.
#include <algorithm>

#include "kernels/simt/block/fatal.h"
#include "kernels/simt/race/block_clocks.h"

namespace packproof::simt::detail {
namespace {

constexpr size_t kMaxSlots = kAsyncActor;

}  // namespace

bool BlockClocks::AsyncSlot::all_knew(Clock known, Clock when) const {
  const auto first = std::lower_bound(common.begin(), common.end(), known,
                                      [](const Common& c, Clock k) { return c.clock < k; });
  return first != common.end() && first->since <= when;
}

// An operation that its issuer knows to be over leaves its slot to the issuer's next.
void BlockClocks::learn_async(uint32_t thread, const Knowledge& from) {
  for (const auto& [slot, clock] : from.async()) {
    if (slot >= slots_.size()) continue;  // a token of an earlier block
    AsyncSlot& operation = slots_[slot];
    if (operation.clock != clock || operation.issuer != thread || operation.is_free) continue;
    operation.is_free = true;
    free_slots_[thread].push_back(slot);
  }
}

uint32_t BlockClocks::take_slot(uint32_t thread) {
  std::vector<uint32_t>& own = free_slots_[thread];
  if (!own.empty()) {
    const uint32_t slot = own.back();
    own.pop_back();
    return slot;
  }
  if (slots_.size() == kMaxSlots) {
    fatal(
        "more than %zu asynchronous operations of one block are under way: the race detector "
        "does not follow so many",
        kMaxSlots);
  }
  slots_.emplace_back();
  return static_cast<uint32_t>(slots_.size()) - 1;
}

AsyncActor BlockClocks::begin_async(uint32_t thread) {
  const uint32_t index = take_slot(thread);
  AsyncSlot& slot = slots_[index];
  Thread& own = threads_[thread];
  slot.issuer = thread;
  slot.is_free = false;
  slot.seen.clear();
  slot.seen.join(own.seen);
  slot.seen.learn_all_threads(common_floor_);
  slot.seen.learn_thread(thread, own.clock);
  slot.seen.join_beyond_threads(common_blocks_);
  slot.fenced.clear();
  slot.fenced.join(common_fenced_);
  slot.fenced.join(own.fenced);
  advance(own);
  slot.clock = ++latest_;
  return {index, slot.clock};
}

void BlockClocks::complete(const AsyncActor& operation, OrderClock& into) const {
  const AsyncSlot& slot = slots_[operation.slot];
  into.seen.join(slot.seen);
  into.seen.learn_async(operation.slot, operation.epoch);
  into.fenced.join(slot.fenced);
}

}  // namespace packproof::simt::detail
