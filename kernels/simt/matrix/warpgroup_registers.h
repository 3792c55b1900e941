// setmaxnreg of a block's warpgroups (PTX ISA, "Miscellaneous Instructions: setmaxnreg"). Runtime
// only.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/simt/api/source_site.h"
#include "kernels/simt/block/block_limits.h"
#include "kernels/simt/matrix/warpgroup_log.h"

namespace packproof::simt::detail {

class Block;

class WarpgroupRegisters {
 public:
  explicit WarpgroupRegisters(Block& block) : block_(block) {}

  void begin_block();
  // Ends the process when only some warps of a warpgroup have set their registers.
  void end_block() const;

  // For the running thread: meets the other lanes of its warp.
  void set(uint32_t registers, const char* instruction, const SourceSite& site);

 private:
  struct LaneArgument;
  static void combine(void* const* lanes, uint32_t participants);

  Block& block_;
  bool used_ = false;
  std::array<uint32_t, kMaxWarpgroups> a_thread_{};  // 0 until set
  WarpgroupLog<uint32_t> log_;
};

}  // namespace packproof::simt::detail
