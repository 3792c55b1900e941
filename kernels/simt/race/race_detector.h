// The race detector of one block: hears every access of the kernels in kernels_race and
// every construct that orders threads, and ends the process at the first two accesses that nothing
// orders. Runtime only.
//
// It follows FastTrack (Flanagan and Freund 2009): vector clocks, and for each piece of memory the
// last write and all reads since that are not ordered. Each thread is on its own, lanes of a warp
// too; each asynchronous operation is on its own as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/simt/block/block.h"
#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/race/block_clocks.h"
#include "kernels/simt/race/fence_order.h"
#include "kernels/simt/race/shadow_memory.h"

namespace packproof::simt::detail {

class RaceDetector {
 public:
  explicit RaceDetector(Block& block) : block_(block) {}

  // The one that hears the calling OS thread, or null.
  static RaceDetector* listening() { return listening_; }

  // While it lives, the OS thread is not heard. What the runtime does for a kernel is no access of
  // the kernel, but the linker may have given it the kernel's instance of a function of the
  // standard library, which reports.
  class Pause {
   public:
    Pause() : paused_(listening_) { listening_ = nullptr; }
    ~Pause() { listening_ = paused_; }
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    RaceDetector* paused_;
  };

  void begin_launch(uint32_t thread_count);
  void begin_block(uint64_t block);  // linear index
  void end_launch();

  // The order that the block's own constructs give.
  void block_barrier() { clocks_.block_barrier(); }
  void warp_barrier(uint32_t warp, uint32_t lanes) { clocks_.warp_barrier(warp, lanes); }
  void fence(bool is_device_wide);
  BlockClocks& clocks() { return clocks_; }
  Block& block() { return block_; }

  // By the running thread, as the compiler's hooks or an emulation report it. `Site` is what
  // AccessSite::of takes.
  template <class Site>
  void access(uintptr_t address, size_t bytes, AccessKind kind, const Site& site) {
    const uint32_t thread = block_.running().thread;
    if (thread != thread_ || clocks_.version() != version_) {
      actor_ = clocks_.actor(thread);
      thread_ = thread;
      version_ = clocks_.version();
    }
    access_by(actor_, {address, bytes}, kind, Proxy::kGeneric, site);
  }
  void async_access(const AsyncActor& operation, uintptr_t address, size_t bytes, AccessKind kind,
                    Proxy proxy, const SourceSite& site) {
    access_by(clocks_.actor(operation), {address, bytes}, kind, proxy, site);
  }
  // The order that an atomic access takes part in, before and after it is made.
  void order_before_atomic(uintptr_t address, AtomicOrder order);
  void order_after_atomic(uintptr_t address, AtomicOrder order);

  // Memory that is never shared: the fibers' stacks, the executor's own variables.
  bool is_private(uintptr_t address) const {
    return address - stacks_begin_ < stacks_bytes_ || address - own_begin_ < own_bytes_;
  }

 private:
  struct Range {
    uintptr_t address;
    size_t bytes;
  };

  // Whether the actor has made such an access since its clock last changed. Whatever races with
  // this one would have been found then, or since.
  static bool is_known(const Cell& cell, const Actor& actor, uint32_t bytes, AccessKind kind) {
    const Access& last = kind == AccessKind::kWrite ? cell.write : cell.read;
    return last.clock == actor.clock && last.actor == actor.id && last.kind == kind &&
           (last.lanes & actor.lane_bit) != 0 && (bytes & ~uint32_t{last.bytes}) == 0;
  }

  template <class Site>
  void access_by(const Actor& actor, Range range, AccessKind kind, Proxy proxy, const Site& site) {
    const bool is_shared = shadow_.is_shared(range.address);
    const uintptr_t end = range.address + range.bytes;
    for (uintptr_t at = range.address; at < end;) {
      const size_t offset = at % kCellBytes;
      const size_t in_cell = kCellBytes - offset < end - at ? kCellBytes - offset : end - at;
      const uint32_t bytes = ((1u << in_cell) - 1) << offset;
      at += in_cell;
      Cell& cell =
          is_shared ? shadow_.shared_cell(at - in_cell) : shadow_.global_cell(at - in_cell);
      if (is_known(cell, actor, bytes, kind)) continue;
      const Access access{.clock = actor.clock,
                          .lanes = actor.lane_bit,
                          .site = AccessSite::of(site),
                          .actor = actor.id,
                          .bytes = static_cast<uint8_t>(bytes),
                          .kind = kind,
                          .by_async_proxy = proxy == Proxy::kAsync};
      range_ = range;
      if (is_shared) {
        touch<true>(cell, actor, access);
      } else {
        touch<false>(cell, actor, access);
      }
    }
  }

  template <bool kShared>
  void touch(Cell& cell, const Actor& actor, const Access& access);
  template <bool kShared>
  void check_spill(Cell& cell, const Actor& actor, const Access& access);
  template <bool kShared>
  void check(std::vector<Access>& earlier, const Actor& actor, const Access& access);
  template <bool kShared>
  void check(Access& earlier, const Actor& actor, const Access& access);
  template <bool kShared>
  Access keep(std::vector<Access>& list, const Actor& actor, const Access& access,
              const Access* instead = nullptr);
  template <bool kShared>
  bool takes_in(Access& earlier, const Actor& actor, const Access& access) const;
  template <bool kShared>
  bool is_ordered(const Access& earlier, const Actor& actor, uint32_t* unordered_lane) const;
  void check_proxy(const Access& earlier, const Actor& actor, const Access& access) const;

  static constinit thread_local RaceDetector* listening_;

  Block& block_;
  BlockClocks clocks_;
  Actor actor_;  // of the thread that ran last, at that version of the clocks
  uint32_t thread_ = 0;
  uint64_t version_ = ~uint64_t{0};
  FenceOrder fences_{clocks_};
  ShadowMemory shadow_;
  Range range_{};  // of the access being checked, for reports
  uintptr_t stacks_begin_ = 0;
  size_t stacks_bytes_ = 0;
  uintptr_t own_begin_ = 0;
  size_t own_bytes_ = 0;
};

}  // namespace packproof::simt::detail
