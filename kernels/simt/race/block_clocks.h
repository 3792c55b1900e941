// What happens before what among the threads and asynchronous operations of the block that runs,
// and of those that ran before. Runtime only.
//
// A barrier of the whole block is what kernels use most: what all threads know is kept once
// (`common`), so that it costs a step for each thread; other order is kept for each thread, and
// only what goes beyond.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/race/knowledge.h"

namespace packproof::simt::detail {

// What an OrderToken carries.
struct OrderClock {
  Knowledge seen;
  Knowledge fenced;
};

constexpr uint16_t kAsyncActor = 0x8000;  // else the actor is a warp

// Who makes an access now, and what happened before.
struct Actor {
  uint16_t id = 0;
  uint32_t lane_bit = 1;
  Clock clock = 0;
  Clock floor = 0;   // every thread of the block up to here
  Clock issued = 0;  // when an asynchronous operation began; else later than all
  const Knowledge* seen = nullptr;
  const Knowledge* fenced = nullptr;  // what the async proxy sees
};

class BlockClocks {
 public:
  void begin_launch(uint32_t thread_count);
  // `block`: linear index, for reports.
  void begin_block(uint64_t block);

  Actor actor(uint32_t thread) const;
  Actor actor(const AsyncActor& operation) const;

  void block_barrier();
  void warp_barrier(uint32_t warp, uint32_t lanes);
  void release(uint32_t thread, OrderClock& into);
  void acquire(uint32_t thread, const OrderClock& from);
  void proxy_fence(uint32_t thread);
  AsyncActor begin_async(uint32_t thread);
  void complete(const AsyncActor& operation, OrderClock& into) const;

  // All that `thread` knows now; what it does from here on is not in it.
  std::shared_ptr<const Publication> publish(uint32_t thread, bool is_device_wide);
  void acquire(uint32_t thread, const std::shared_ptr<const Publication>& from);

  Clock block_start() const { return block_start_; }
  // Changes whenever an actor's clock does.
  uint64_t version() const { return version_; }
  uint32_t run() const { return static_cast<uint32_t>(runs_.size()) - 1; }
  uint32_t run_at(Clock clock) const;
  uint64_t block_of_run(uint32_t run) const { return runs_[run].block; }

  // Whether `actor` comes after what thread or operation `id` did at `clock` of this block.
  bool is_after_thread(const Actor& actor, uint32_t thread, Clock clock) const {
    return clock <= actor.floor || actor.seen->covers_thread(thread, clock);
  }
  bool is_after_async(const Actor& actor, uint32_t slot, Clock clock) const {
    return slots_[slot].all_knew(clock, actor.issued) || actor.seen->covers_async(slot, clock);
  }
  // The same for another block's; is_thread tells what `id` is.
  bool is_after_other_block(const Actor& actor, bool is_thread, uint32_t id, Clock clock) const;
  // Whether a proxy fence stands between what `id` wrote at `clock` and `actor`, which is after it.
  bool is_fenced(const Actor& actor, bool is_thread, uint32_t id, Clock clock) const;

 private:
  struct Thread {
    Clock clock = 0;
    Knowledge seen;  // beyond common
    Knowledge fenced;
  };
  struct AsyncSlot {
    Clock clock = 0;  // of the operation that has it
    uint32_t issuer = 0;
    bool is_free = false;
    Knowledge seen;  // at the issue
    Knowledge fenced;
    // At `since`, all threads of the block came to know it up to `clock`; the latest is last.
    struct Common {
      Clock clock;
      Clock since;
    };
    std::vector<Common> common;

    Clock common_clock() const { return common.empty() ? 0 : common.back().clock; }
    // An operation that began before the latest knows what was common then.
    bool all_knew(Clock known, Clock when) const;
  };
  struct Run {
    Clock start;
    uint64_t block;
  };

  void advance(Thread& thread);
  void learn_async(uint32_t thread, const Knowledge& from);
  uint32_t take_slot(uint32_t thread);

  uint32_t thread_count_ = 0;
  Clock latest_ = 0;  // of any actor
  Clock block_start_ = 0;
  uint64_t version_ = 0;
  Clock common_floor_ = 0;
  Knowledge common_blocks_;  // other blocks only
  Knowledge common_fenced_;
  std::vector<Thread> threads_;
  std::vector<AsyncSlot> slots_;
  std::vector<std::vector<uint32_t>> free_slots_;  // by issuer
  std::vector<Run> runs_;
  Knowledge scratch_seen_;
  Knowledge scratch_fenced_;
};

}  // namespace packproof::simt::detail
