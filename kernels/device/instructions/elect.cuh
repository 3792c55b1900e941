// elect.sync: one lane among those of a mask, the same every time for a mask (PTX ISA, "Parallel
// Synchronization and Communication Instructions: elect.sync"). All lanes of the mask must call.
// Which lane it is, is not said: on the host a random schedule elects any.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifndef __CUDACC__
#include "kernels/simt/matrix/emulated_warpgroup.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// Whether the calling lane is elected.
__device__ inline bool elect_one(std::uint32_t mask = 0xffffffffu SIMT_AND_CALLER) {
#ifdef __CUDACC__
  std::uint32_t elected;
  asm volatile(
      "{\n"
      ".reg .pred is_elected;\n"
      "elect.sync _|is_elected, %1;\n"
      "selp.u32 %0, 1, 0, is_elected;\n"
      "}"
      : "=r"(elected)
      : "r"(mask)
      : "memory");
  return elected != 0;
#else
  return simt::detail::elect_lane(mask, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
