// The 16 barriers of a block, of which __syncthreads is the first (PTX ISA, "Parallel
// Synchronization and Communication Instructions: bar, barrier"). Runtime only.
//
// As on the device, a barrier counts warps, 32 threads each, whatever lanes they have; a warp
// counts once all its lanes are here.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/block_limits.h"
#include "kernels/simt/block/memory_events.h"
#include "kernels/simt/block/thread_wait.h"

namespace packproof::simt::detail {

class Block;

class NamedBarriers {
 public:
  static constexpr uint32_t kCount = 16;

  explicit NamedBarriers(Block& block) : block_(block) {}

  void begin_block();
  void lane_has_exited(uint32_t warp);

  // For the running thread; each ends the process on a fault. bar.arrive waits for the other lanes
  // of its warp only.
  void sync(uint32_t id, uint32_t threads, const SourceSite& site);
  void arrive(uint32_t id, uint32_t threads, const SourceSite& site);

  struct Barrier {
    uint32_t id = 0;
    uint32_t expected = 0;  // threads; 0 when no one is here
    uint32_t arrived = 0;
    uint32_t rounds = 0;
    SourceSite site;  // of the first to arrive
    std::array<uint32_t, kMaxBlockWarps> lanes{};
    OrderToken arriving;
    OrderToken completed;
    WaitQueue waiters;
  };

 private:
  Barrier& join(const char* instruction, uint32_t id, uint32_t threads, const SourceSite& site);
  void count_warp_if_whole(Barrier& barrier, uint32_t warp);

  Block& block_;
  bool used_ = false;
  std::array<Barrier, kCount> barriers_;
};

}  // namespace packproof::simt::detail
