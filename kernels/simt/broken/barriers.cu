// Mistakes at the block's barriers, __syncthreads and named ones.
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kNoBarrierAfterWrite,
  kNoBarrierBeforeReuse,
  kOneBufferForTwo,
  kBarrierInBranch,
  kBarrierInLoopOfSome,
  kOtherBarrier,
  kTooFewAtBarrier,
  kTooManyAtBarrier,
  kBarrierForHalfAWarp,
  kArrivesWhereItMustWait,
};

constexpr int kThreads = 128;
constexpr int kRounds = 4;

// Each round reverses a tile of kThreads ints by way of shared memory.
template <Fault kFault>
__global__ void reverse_tiles(const int* input, int* output) {
  SIMT_SHARED(int, tile, [kThreads]);
  const int thread = static_cast<int>(threadIdx.x);
  for (int round = 0; round < kRounds; ++round) {
    tile[thread] = input[round * kThreads + thread];
    if constexpr (kFault != Fault::kNoBarrierAfterWrite) __syncthreads();  // the tile is complete
    output[round * kThreads + thread] = tile[kThreads - 1 - thread];
    if constexpr (kFault != Fault::kNoBarrierBeforeReuse) __syncthreads();  // the tile is read
  }
}

// The same with two tiles in turn, which need one barrier a round.
template <Fault kFault>
__global__ void reverse_in_two_buffers(const int* input, int* output) {
  SIMT_SHARED(int, tiles, [2][kThreads]);
  const int thread = static_cast<int>(threadIdx.x);
  for (int round = 0; round < kRounds; ++round) {
    int* tile = tiles[kFault == Fault::kOneBufferForTwo ? 0 : round % 2];
    tile[thread] = input[round * kThreads + thread];
    __syncthreads();  // the tile is complete, and the other one has been read
    output[round * kThreads + thread] = tile[kThreads - 1 - thread];
  }
}

// The same with barriers that some threads do not come to.
template <Fault kFault>
__global__ void reverse_with_branches(const int* input, int* output) {
  SIMT_SHARED(int, tile, [kThreads]);
  const int thread = static_cast<int>(threadIdx.x);
  // Half of the threads have one round less.
  const int rounds = kFault == Fault::kBarrierInLoopOfSome && thread >= 64 ? kRounds - 1 : kRounds;
  for (int round = 0; round < rounds; ++round) {
    tile[thread] = input[round * kThreads + thread];
    if constexpr (kFault == Fault::kBarrierInBranch) {
      if (thread < 64) {
        __syncthreads();
      }
    } else {
      __syncthreads();  // the tile is complete
    }
    output[round * kThreads + thread] = tile[kThreads - 1 - thread];
    __syncthreads();  // the tile is read
  }
  __syncthreads();  // all rounds are done
}

template <Fault kFault, void (*kKernel)(const int*, int*)>
bool reverses() {
  constexpr int kCount = kRounds * kThreads;
  GuardedMemory<int> input(kCount);
  GuardedMemory<int> output(kCount);
  for (int i = 0; i < kCount; ++i) input[i] = i;
  simt::launch(kKernel, 1, kThreads, 0, nullptr, input.data(), output.data());
  bool right = output.is_intact();
  for (int i = 0; i < kCount; ++i) {
    right &= output[i] == i / kThreads * kThreads + kThreads - 1 - i % kThreads;
  }
  return right;
}

template <Fault kFault>
bool run_tiles() {
  return reverses<kFault, reverse_tiles<kFault>>();
}
template <Fault kFault>
bool run_two_buffers() {
  return reverses<kFault, reverse_in_two_buffers<kFault>>();
}
template <Fault kFault>
bool run_branches() {
  return reverses<kFault, reverse_with_branches<kFault>>();
}

// Two producing warps fill a tile, two consuming warps read it, by barriers 1 (full) and 2 (empty).
template <Fault kFault>
__global__ void hand_over(const int* input, int* output) {
  constexpr std::uint32_t kFull = 1;
  constexpr std::uint32_t kEmpty = 2;
  constexpr int kTile = kThreads / 2;
  constexpr std::uint32_t kTaking = kFault == Fault::kTooFewAtBarrier    ? 96
                                    : kFault == Fault::kTooManyAtBarrier ? 160
                                                                         : kThreads;
  SIMT_SHARED(int, tile, [kTile]);
  const int thread = static_cast<int>(threadIdx.x);
  const bool produces = thread < kTile;
  for (int round = 0; round < kRounds; ++round) {
    if (produces) {
      if (round > 0) named_barrier_sync(kEmpty, kThreads);  // the tile is read
      tile[thread] = input[round * kTile + thread];
      if constexpr (kFault == Fault::kBarrierForHalfAWarp) {
        if (thread % 32 < 16) named_barrier_arrive(kFull, kTaking);
      } else {
        named_barrier_arrive(kFull, kTaking);  // the tile is complete
      }
    } else {
      const int own = thread - kTile;
      if constexpr (kFault == Fault::kArrivesWhereItMustWait) {
        named_barrier_arrive(kFull, kTaking);
      } else {
        named_barrier_sync(kFault == Fault::kOtherBarrier ? 3 : kFull, kTaking);
      }
      output[round * kTile + own] = tile[kTile - 1 - own];
      if (round + 1 < kRounds) named_barrier_arrive(kEmpty, kThreads);
    }
  }
}

template <Fault kFault>
bool run_hand_over() {
  constexpr int kTile = kThreads / 2;
  constexpr int kCount = kRounds * kTile;
  GuardedMemory<int> input(kCount);
  GuardedMemory<int> output(kCount);
  for (int i = 0; i < kCount; ++i) input[i] = i;
  simt::launch(hand_over<kFault>, 1, kThreads, 0, nullptr, input.data(), output.data());
  bool right = output.is_intact();
  for (int i = 0; i < kCount; ++i) right &= output[i] == i / kTile * kTile + kTile - 1 - i % kTile;
  return right;
}

}  // namespace

std::vector<BrokenKernel> broken_barriers() {
  return {
      PACKPROOF_BROKEN("no barrier between write and read", run_tiles, kNoBarrierAfterWrite),
      PACKPROOF_BROKEN("no barrier between read and next write", run_tiles, kNoBarrierBeforeReuse),
      PACKPROOF_BROKEN("one buffer where two alternate", run_two_buffers, kOneBufferForTwo),
      PACKPROOF_BROKEN("barrier in divergent code", run_branches, kBarrierInBranch),
      PACKPROOF_BROKEN("barrier in a loop that some leave", run_branches, kBarrierInLoopOfSome),
      PACKPROOF_BROKEN("named barrier of another number", run_hand_over, kOtherBarrier),
      PACKPROOF_BROKEN("named barrier for too few threads", run_hand_over, kTooFewAtBarrier),
      PACKPROOF_BROKEN("named barrier for too many threads", run_hand_over, kTooManyAtBarrier),
      PACKPROOF_BROKEN("named barrier for half a warp", run_hand_over, kBarrierForHalfAWarp),
      PACKPROOF_BROKEN("arrives where it must wait", run_hand_over, kArrivesWhereItMustWait),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
