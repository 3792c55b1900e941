// Ranks as threads of this process.
#pragma once

#include <chrono>
#include <functional>

#include "harness/comm/communicator.h"
#include "harness/comm/rank_call.h"

namespace packproof::harness {

// Runs `rank` on `world` threads at once and waits for all. When one throws, those that wait for it
// get a CommFailure which names it; then the first exception is thrown again here. A rank that
// returns while others still wait for it counts as gone, and so does one that does not come within
// `timeout`.
void run_thread_ranks(int world, const std::function<void(Communicator&)>& rank,
                      std::chrono::milliseconds timeout = kCommTimeout);

// The same with the usual timeout.
inline RunRanks thread_ranks() {
  return [](int world, const std::function<void(Communicator&)>& rank) {
    run_thread_ranks(world, rank);
  };
}

}  // namespace packproof::harness
