#include "kernels/simt/matrix/warpgroup_registers.h"

#include <numeric>

#include "kernels/simt/api/source_match.h"
#include "kernels/simt/block/block.h"
#include "kernels/simt/block/fatal.h"

namespace packproof::simt::detail {
namespace {

constexpr uint32_t kWarpgroupThreads = kWarpgroupWarps * kLanes;
// Of sm_90 (CUDA programming guide, compute capabilities: 32-bit registers a block).
constexpr uint32_t kBlockRegisters = 64 * 1024;

}  // namespace

struct WarpgroupRegisters::LaneArgument {
  WarpgroupRegisters* self;
  uint32_t warp;
  uint32_t registers;
  const char* instruction;
  SourceSite site;
};

void WarpgroupRegisters::begin_block() {
  if (!used_) return;
  a_thread_ = {};
  log_.clear();
  used_ = false;
}

void WarpgroupRegisters::end_block() const {
  uint32_t lacking = 0;
  if (!used_) return;
  if (const auto* missed = log_.missing(lacking)) {
    fail_block(missed->site,
               "warp %u never comes to this setmaxnreg, which others of its warpgroup "
               "execute",
               lacking);
  }
}

void WarpgroupRegisters::set(uint32_t registers, const char* instruction, const SourceSite& site) {
  used_ = true;
  LaneArgument argument{this, block_.running().warp(), registers, instruction, site};
  block_.meet_warp(kFullMask, instruction, &argument, combine, site);
}

void WarpgroupRegisters::combine(void* const* lanes, uint32_t participants) {
  const auto& own = *static_cast<const LaneArgument*>(lanes[__builtin_ctz(participants)]);
  const uint32_t warpgroup = own.warp / kWarpgroupWarps;
  WarpgroupRegisters& all = *own.self;
  if (participants != kFullMask ||
      all.block_.thread_count() < (warpgroup + 1) * kWarpgroupThreads) {
    fail_thread(own.site, "%s by a warp or warpgroup that is not whole", own.instruction);
  }
  const auto& others = all.log_.add(own.warp, own.registers, own.site);
  if (others.step != own.registers || !is_same_line(others.site, own.site)) {
    fail_thread(
        own.site,
        "%s of warp %u to %u registers, where another warp of its warpgroup sets %u at %s:%d",
        own.instruction, own.warp, own.registers, others.step, others.site.file, others.site.line);
  }
  all.a_thread_[warpgroup] = own.registers;
  const uint32_t total =
      kWarpgroupThreads * std::accumulate(all.a_thread_.begin(), all.a_thread_.end(), 0u);
  if (total > kBlockRegisters) {
    fail_thread(own.site,
                "%s to %u: the warpgroups of the block then have %u registers of %u, and "
                "this one would wait for ever",
                own.instruction, own.registers, total, kBlockRegisters);
  }
}

}  // namespace packproof::simt::detail
