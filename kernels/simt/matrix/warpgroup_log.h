// What the four warps of each warpgroup did, one after the other, so that they can be seen to have
// done the same. Runtime only.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/block_limits.h"

namespace packproof::simt::detail {

constexpr uint32_t kWarpgroupWarps = 4;
constexpr uint32_t kMaxWarpgroups = kMaxBlockWarps / kWarpgroupWarps;

template <class Step>
class WarpgroupLog {
 public:
  struct Entry {
    Step step;
    SourceSite site;
  };

  void clear() {
    for (auto& log : logs_) log.clear();
    done_ = {};
  }

  // The next step of this warp. Returns what an earlier warp of its warpgroup did at that point,
  // or the same step.
  const Entry& add(uint32_t warp, const Step& step, const SourceSite& site) {
    std::vector<Entry>& log = logs_[warp / kWarpgroupWarps];
    const uint32_t number = done_[warp]++;
    if (number == log.size()) log.push_back({step, site});
    return log[number];
  }

  // A step that some warp of a warpgroup never came to, or null. `warp` is then that warp.
  const Entry* missing(uint32_t& warp) const {
    for (warp = 0; warp < kMaxBlockWarps; ++warp) {
      const std::vector<Entry>& log = logs_[warp / kWarpgroupWarps];
      if (done_[warp] < log.size()) return &log[done_[warp]];
    }
    return nullptr;
  }

 private:
  std::array<std::vector<Entry>, kMaxWarpgroups> logs_;
  std::array<uint32_t, kMaxBlockWarps> done_{};
};

}  // namespace packproof::simt::detail
