// Ranks as threads of this process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "harness/ranks/communicator.h"
#include "harness/ranks/rank_call.h"

namespace packproof::harness {

// Whether ranks run at once, or each only while all others wait in a collective or have ended. On
// one GPU ranks share a stream and gain nothing from running at once, and compute-sanitizer's
// racecheck loses track of launches that several threads make at a time.
enum class Pace : std::uint8_t { together, one_at_a_time };

// Runs `rank` on `world` threads and waits for all. When one throws, those that wait for it
// get a CommFailure which names it; then the first exception is thrown again here. A rank that
// returns while others still wait for it counts as gone, and so does one that does not come within
// `timeout`.
void run_thread_ranks(int world, const std::function<void(Communicator&)>& rank,
                      std::chrono::milliseconds timeout = kCommTimeout, Pace pace = Pace::together);

// The same with the usual timeout.
inline RunRanks thread_ranks(Pace pace = Pace::together) {
  return [pace](int world, const std::function<void(Communicator&)>& rank) {
    run_thread_ranks(world, rank, kCommTimeout, pace);
  };
}

}  // namespace packproof::harness
