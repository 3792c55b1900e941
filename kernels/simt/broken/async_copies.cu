// Mistakes with cp.async.
#include "kernels/device/instructions/async_copy.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kNoWait,
  kWaitsForOneTooFew,
  kNoCommit,
  kCommitsTooEarly,
  kNoBarrierAfterWait,
  kBarrierBeforeWait,
  kNoBarrierBeforeRefill,
  kNoZeroFill,
  kSourceChangesBeforeWait,
  kTargetWrittenBeforeWait,
  kPastTile,
  kMisaligned,
  kArrivesTooOften,
  kWrongPhase,
};

constexpr int kThreads = 64;
constexpr int kElements = kThreads * 4;  // of a tile: 16 bytes a thread
constexpr int kStages = 2;
constexpr int kLength = 5 * kElements - 100;  // the last tile is not full

template <Fault kFault>
__device__ void fetch(int (*tiles)[kElements], const int* input, int tile) {
  const int own = static_cast<int>(threadIdx.x) * 4;
  const int at = tile * kElements + own;
  const int there = kFault == Fault::kNoZeroFill ? 16 : 4 * max(0, min(4, kLength - at));
  const int shift = kFault == Fault::kMisaligned && tile == 1 ? 1
                    : kFault == Fault::kPastTile && tile == 1 ? 2 * kElements
                                                              : 0;
  if constexpr (kFault == Fault::kCommitsTooEarly) cp_async_commit_group();
  if (at < kLength || kFault == Fault::kNoZeroFill) {
    cp_async_zero_fill<16>(tiles[tile % kStages] + own + shift, input + at,
                           static_cast<std::uint32_t>(there));
  } else {
    cp_async_zero_fill<16>(tiles[tile % kStages] + own + shift, input, 0);
  }
  if constexpr (kFault != Fault::kNoCommit && kFault != Fault::kCommitsTooEarly) {
    cp_async_commit_group();
  }
}

// output[i] = the sum of two of a tile's elements, one of them another thread's. Two tiles are in
// flight.
template <Fault kFault>
__global__ void pipeline(int* input, int* output) {
  SIMT_SHARED_ALIGNED(16, int, tiles, [kStages][kElements]);
  constexpr int kTiles = (kLength + kElements - 1) / kElements;
  const int own = static_cast<int>(threadIdx.x) * 4;
  fetch<kFault>(tiles, input, 0);
  for (int tile = 0; tile < kTiles; ++tile) {
    if (tile + 1 < kTiles) {
      fetch<kFault>(tiles, input, tile + 1);
    } else {
      cp_async_commit_group();  // an empty one, so that the wait counts the same
    }
    if constexpr (kFault == Fault::kBarrierBeforeWait) __syncthreads();
    if constexpr (kFault == Fault::kSourceChangesBeforeWait) {
      if (tile == 2) input[tile * kElements + own] = 0;
    }
    if constexpr (kFault == Fault::kTargetWrittenBeforeWait) {
      if (tile == 2) tiles[tile % kStages][own] = 0;
    }
    if constexpr (kFault == Fault::kWaitsForOneTooFew) {
      cp_async_wait_group<2>();
    } else if constexpr (kFault != Fault::kNoWait) {
      cp_async_wait_group<1>();
    }
    if constexpr (kFault != Fault::kNoBarrierAfterWait && kFault != Fault::kBarrierBeforeWait) {
      __syncthreads();  // everyone's part of the tile has landed
    }
    for (int i = own; i < own + 4; ++i) {
      const int at = tile * kElements + i;
      if (at < kLength) {
        output[at] = tiles[tile % kStages][i] + tiles[tile % kStages][kElements - 1 - i];
      }
    }
    if constexpr (kFault != Fault::kNoBarrierBeforeRefill) __syncthreads();  // the tile is read
  }
  cp_async_wait_all();
}

bool is_right(const std::vector<int>& input, GuardedMemory<int>& output) {
  bool right = output.is_intact();
  for (int i = 0; i < kLength; ++i) {
    const int tile = i / kElements;
    const int other = tile * kElements + kElements - 1 - i % kElements;
    const auto value = [&](int at) { return at < kLength ? input[static_cast<size_t>(at)] : 0; };
    right &= output[i] == value(i) + value(other);
  }
  return right;
}

template <void (*kKernel)(int*, int*)>
bool computes() {
  GuardedMemory<int> input(kLength);
  GuardedMemory<int> output(kLength);
  std::vector<int> values(kLength);
  for (int i = 0; i < kLength; ++i) input[i] = values[static_cast<size_t>(i)] = i * 3 + 1;
  simt::launch(kKernel, 1, kThreads, 0, nullptr, input.data(), output.data());
  return is_right(values, output);
}

template <Fault kFault>
bool run() {
  return computes<pipeline<kFault>>();
}

// One tile at a time, whose copies arrive at an mbarrier.
template <Fault kFault>
__global__ void with_mbarrier(int* input, int* output) {
  SIMT_SHARED_ALIGNED(16, int, tiles, [kStages][kElements]);
  SIMT_SHARED(Mbarrier, landed);
  constexpr int kTiles = (kLength + kElements - 1) / kElements;
  const int own = static_cast<int>(threadIdx.x) * 4;
  if (threadIdx.x == 0) {
    mbarrier_init(&landed, kFault == Fault::kArrivesTooOften ? kThreads / 2 : kThreads);
  }
  __syncthreads();  // the mbarrier is initialised
  for (int tile = 0; tile < kTiles; ++tile) {
    fetch<Fault::kNone>(tiles, input, tile);
    cp_async_mbarrier_arrive_noinc(&landed);
    const std::uint32_t parity = static_cast<std::uint32_t>(tile % 2);
    mbarrier_wait(&landed, kFault == Fault::kWrongPhase ? parity ^ 1 : parity);
    for (int i = own; i < own + 4; ++i) {
      const int at = tile * kElements + i;
      if (at < kLength) {
        output[at] = tiles[tile % kStages][i] + tiles[tile % kStages][kElements - 1 - i];
      }
    }
    __syncthreads();  // the tile is read
  }
  cp_async_wait_all();
}

template <Fault kFault>
bool run_mbarrier() {
  return computes<with_mbarrier<kFault>>();
}

}  // namespace

std::vector<BrokenKernel> broken_async_copies() {
  return {
      PACKPROOF_BROKEN("cp.async without a wait", run, kNoWait),
      PACKPROOF_BROKEN("cp.async: waits for one group too few", run, kWaitsForOneTooFew),
      PACKPROOF_BROKEN("cp.async without a commit", run, kNoCommit),
      PACKPROOF_BROKEN("cp.async: commits before the copy", run, kCommitsTooEarly),
      PACKPROOF_BROKEN("cp.async: no barrier after the wait", run, kNoBarrierAfterWait),
      PACKPROOF_BROKEN("cp.async: barrier before the wait", run, kBarrierBeforeWait),
      PACKPROOF_BROKEN("cp.async: refills what is still read", run, kNoBarrierBeforeRefill),
      PACKPROOF_BROKEN("cp.async without zero fill at the end", run, kNoZeroFill),
      PACKPROOF_BROKEN("cp.async: source changes before the wait", run, kSourceChangesBeforeWait),
      PACKPROOF_BROKEN("cp.async: target written before the wait", run, kTargetWrittenBeforeWait),
      PACKPROOF_BROKEN("cp.async past its tile", run, kPastTile),
      PACKPROOF_BROKEN("cp.async to a misaligned address", run, kMisaligned),
      PACKPROOF_BROKEN("cp.async: mbarrier of too few arrivals", run_mbarrier, kArrivesTooOften),
      PACKPROOF_BROKEN("cp.async: waits for the wrong phase", run_mbarrier, kWrongPhase),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
