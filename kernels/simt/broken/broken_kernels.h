// The suite of broken kernels: each makes one mistake that kernels are known to make, and has a
// healthy twin, the same source without it. main.cpp runs both under the schedules of CI.
#pragma once

#include <vector>

#include "kernels/launch/target.h"

namespace packproof {

// Either launches the kernel on data of its own and says whether the results are right. A fault
// that the executor finds by itself ends the process.
struct BrokenKernel {
  const char* name;
  bool (*broken)();
  bool (*healthy)();
};

PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_barriers())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_warps())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_bounds())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_grids())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_matrices())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_async_copies())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_bulk_copies())
PACKPROOF_ON_EVERY_TARGET(std::vector<BrokenKernel> broken_warpgroups())

}  // namespace packproof

// The entry of a family's vector for the mistake Fault::fault in the kernel that run<fault> runs.
#define PACKPROOF_BROKEN(name, run, fault) \
  { name, run<Fault::fault>, run<Fault::kNone> }
