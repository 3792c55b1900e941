// setmaxnreg: how many registers each thread of a warpgroup may use (PTX ISA, "Miscellaneous
// Instructions: setmaxnreg"). All four warps execute the same. kRegisters is a
// multiple of 8, 24 to 256. An increase waits until others have decreased. ptxas must know how many
// the kernel starts with, else it drops the instruction and says so: __launch_bounds__(threads, 1).
//
// On the host the registers that the kernel starts with are not known. Fatal: warps of a warpgroup
// that differ, and more than 64 Ki registers in the block.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifndef __CUDACC__
#include "kernels/simt/matrix/emulated_warpgroup.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

template <int kRegisters>
__device__ inline void increase_registers(SIMT_CALLER) {
  static_assert(kRegisters >= 24 && kRegisters <= 256 && kRegisters % 8 == 0);
#ifdef __CUDACC__
  asm volatile("setmaxnreg.inc.sync.aligned.u32 %0;" ::"n"(kRegisters));
#else
  simt::detail::set_register_budget(kRegisters, "setmaxnreg.inc", site);
#endif
}

template <int kRegisters>
__device__ inline void decrease_registers(SIMT_CALLER) {
  static_assert(kRegisters >= 24 && kRegisters <= 256 && kRegisters % 8 == 0);
#ifdef __CUDACC__
  asm volatile("setmaxnreg.dec.sync.aligned.u32 %0;" ::"n"(kRegisters));
#else
  simt::detail::set_register_budget(kRegisters, "setmaxnreg.dec", site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
