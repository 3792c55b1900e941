#include "kernels/simt/matrix/emulated_warpgroup.h"

#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/runtime/block_scheduler.h"

namespace packproof::simt::detail {
namespace {

struct ElectArgument {
  BlockScheduler* scheduler;
  uint32_t mask;
  bool elected;
};

// One lane for each mask, but any: drawn in a random schedule, so that code which takes it for lane
// 0 shows.
void combine_elect(void* const* lanes, uint32_t participants) {
  const auto& any = *static_cast<const ElectArgument*>(lanes[__builtin_ctz(participants)]);
  const uint32_t start = any.scheduler->async().elect_start(any.mask);
  const uint32_t later = participants & kFullMask << start;
  const int elected = __builtin_ctz(later != 0 ? later : participants);
  for (uint32_t rest = participants; rest != 0; rest &= rest - 1) {
    const int lane = __builtin_ctz(rest);
    static_cast<ElectArgument*>(lanes[lane])->elected = lane == elected;
  }
}

}  // namespace

uint32_t matrix_start_address(const void* start, uint32_t leading_bytes, uint32_t stride_bytes,
                              const SourceSite& site) {
  constexpr uint32_t kEnd = 1u << 18;
  const uint32_t address = shared_window_address(start, "matrix descriptor", site);
  if (address % 16 != 0 || address >= kEnd) {
    fail_thread(site,
                "matrix descriptor of shared address %u; it must be a multiple of 16 below %u",
                address, kEnd);
  }
  for (const uint32_t bytes : {leading_bytes, stride_bytes}) {
    if (bytes % 16 == 0 && bytes < kEnd) continue;
    fail_thread(site,
                "matrix descriptor with a stride of %u bytes; it must be a multiple of 16 "
                "below %u",
                bytes, kEnd);
  }
  return address;
}

void fence_warpgroup(const SourceSite& site) {
  AsyncCall("wgmma.fence", site)->warpgroup_products.fence(site);
}

void issue_warpgroup_product(const WarpgroupProduct& product, const SourceSite& site) {
  AsyncCall("wgmma.mma_async", site)->warpgroup_products.issue(product, site);
}

void commit_warpgroup_products(const SourceSite& site) {
  AsyncCall("wgmma.commit_group", site)->warpgroup_products.commit_group(site);
}

void wait_for_warpgroup_products(uint32_t pending_groups, const SourceSite& site) {
  AsyncCall("wgmma.wait_group", site)->warpgroup_products.wait_group(pending_groups, site);
}

void set_register_budget(uint32_t registers, const char* instruction, const SourceSite& site) {
  AsyncCall(instruction, site)->warpgroup_registers.set(registers, instruction, site);
}

bool elect_lane(uint32_t mask, const SourceSite& site) {
  const AsyncCall call("elect.sync", site);
  ElectArgument argument{BlockScheduler::current(), mask, false};
  meet_warp(mask, "elect.sync", &argument, combine_elect, site);
  return argument.elected;
}

}  // namespace packproof::simt::detail
