#include "kernels/simt/async/named_barriers.h"

#include "kernels/simt/block/block.h"

namespace packproof::simt::detail {
namespace {

std::string describe(const void* object) {
  const auto& barrier = *static_cast<const NamedBarriers::Barrier*>(object);
  return "of barrier " + std::to_string(barrier.id) + ", where " + std::to_string(barrier.arrived) +
         " of " + std::to_string(barrier.expected) + " threads, by whole warps, have arrived";
}

}  // namespace

void NamedBarriers::begin_block() {
  if (!used_) return;
  barriers_ = {};
  used_ = false;
}

NamedBarriers::Barrier& NamedBarriers::join(const char* instruction, uint32_t id, uint32_t threads,
                                            const SourceSite& site) {
  if (id >= kCount) fail_thread(site, "%s of barrier %u; there are 0 to 15", instruction, id);
  if (threads == 0 || threads % kLanes != 0 || threads > kMaxBlockThreads) {
    fail_thread(site, "%s with a count of %u threads; it must be a multiple of 32 up to 1024",
                instruction, threads);
  }
  if (id == 0 && block_.is_block_barrier_pending()) {
    fail_thread(site, "%s of barrier 0, at which other threads wait by __syncthreads", instruction);
  }
  used_ = true;
  Barrier& barrier = barriers_[id];
  if (barrier.expected == 0) {
    barrier.id = id;
    barrier.expected = threads;
    barrier.site = site;
  } else if (barrier.expected != threads) {
    fail_thread(site, "%s of barrier %u with a count of %u threads, where %s:%d has %u",
                instruction, id, threads, barrier.site.file, barrier.site.line, barrier.expected);
  }
  const BlockThread& fiber = block_.running();
  uint32_t& lanes = barrier.lanes[fiber.warp()];
  if ((lanes & fiber.lane_bit()) != 0) {
    fail_thread(site,
                "%s of barrier %u by a warp that has arrived there already, before %u threads "
                "have",
                instruction, id, barrier.expected);
  }
  release_into(barrier.arriving);
  lanes |= fiber.lane_bit();
  return barrier;
}

void NamedBarriers::sync(uint32_t id, uint32_t threads, const SourceSite& site) {
  Barrier& barrier = join("bar.sync", id, threads, site);
  const uint32_t round = barrier.rounds;
  count_warp_if_whole(barrier, block_.running().warp());
  while (barrier.rounds == round) {
    block_.wait_in(barrier.waiters, {"bar.sync", site, describe, &barrier});
  }
  acquire_from(barrier.completed);
}

void NamedBarriers::arrive(uint32_t id, uint32_t threads, const SourceSite& site) {
  Barrier& barrier = join("bar.arrive", id, threads, site);
  count_warp_if_whole(barrier, block_.running().warp());
  // No lane runs ahead to the next round.
  block_.meet_warp(kFullMask, "bar.arrive", nullptr, nullptr, site);
}

void NamedBarriers::lane_has_exited(uint32_t warp) {
  if (!used_) return;
  for (Barrier& barrier : barriers_) {
    if (barrier.expected != 0 && barrier.lanes[warp] != 0) count_warp_if_whole(barrier, warp);
  }
}

void NamedBarriers::count_warp_if_whole(Barrier& barrier, uint32_t warp) {
  if (barrier.lanes[warp] != block_.alive_lanes(warp)) return;
  barrier.arrived += kLanes;
  if (barrier.arrived < barrier.expected) return;
  barrier.arrived = 0;
  barrier.expected = 0;
  barrier.lanes = {};
  ++barrier.rounds;
  barrier.completed = std::move(barrier.arriving);
  barrier.arriving = {};
  block_.wake_all(barrier.waiters);
}

}  // namespace packproof::simt::detail
