// Kernels of the conformance suite: mbarriers, named barriers, elect.sync, setmaxnreg.
#pragma once

#include <cstdint>

#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// What one thread does to an mbarrier; after each step it tests both parities.
enum class MbarrierStep : std::uint32_t {
  kArrive,
  kExpectTx,
  kArriveExpectTx,
  kCompleteTx,
  kReinit
};

struct MbarrierStepsParams {
  std::uint32_t arrivals;  // of each phase
  int steps;
  const MbarrierStep* step;    // [steps]
  const std::uint32_t* value;  // [steps] arrivals or bytes
  std::uint32_t* seen;         // [steps] bit p: the phase of parity p has completed
};

// A ring of `stages` between a producer and a consumer warp, with mbarriers or named barriers.
struct HandOverParams {
  bool by_named_barriers;
  int rounds;
  const std::uint32_t* values;  // [rounds][32]
  std::uint32_t* received;      // [rounds][32], by the lane's neighbour
};

PACKPROOF_ON_EVERY_TARGET(void run_mbarrier_steps(const MbarrierStepsParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void run_hand_over(const HandOverParams& params, Stream stream))
// Adds to *elected the lanes for which elect_one(mask) was true.
PACKPROOF_ON_EVERY_TARGET(void run_elect(std::uint32_t mask, std::uint32_t* elected, Stream stream))

}  // namespace packproof
