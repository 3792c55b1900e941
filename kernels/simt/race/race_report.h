// Saying which two accesses race. Runtime only.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/race/block_clocks.h"
#include "kernels/simt/race/shadow_memory.h"

namespace packproof::simt::detail {

class Block;

struct RaceFinding {
  const Block& block;
  const BlockClocks& clocks;
  uintptr_t address;  // of the later access
  size_t bytes;
  const Access& earlier;
  uint32_t earlier_lane;
  const Access& later;
};

// Each ends the process with one line.
[[noreturn]] void report_race(const RaceFinding& finding);
[[noreturn]] void report_missing_proxy_fence(const RaceFinding& finding);

}  // namespace packproof::simt::detail
