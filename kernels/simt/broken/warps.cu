// Mistakes within a warp: memory that lanes share, and collectives.
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kNoSyncwarpAfterWrite,
  kNoSyncwarpBeforeReuse,
  kTreeWithoutSyncwarp,
  kShuffleInBranch,
  kMaskLeavesCallersOut,
  kMaskOfOneHalf,
  kOverlappingMasks,
  kVoteInBranch,
  kShuffleForOrder,
};

constexpr unsigned kAllLanes = 0xffffffffu;
constexpr int kRounds = 4;

// Each round reverses 32 ints by way of shared memory.
template <Fault kFault>
__global__ void reverse_lanes(const int* input, int* output) {
  SIMT_SHARED(int, row, [32]);
  const int lane = static_cast<int>(threadIdx.x);
  for (int round = 0; round < kRounds; ++round) {
    row[lane] = input[round * 32 + lane];
    if constexpr (kFault == Fault::kShuffleForOrder) {
      __shfl_sync(kAllLanes, 0, 0);  // meets, but orders no memory
    } else if constexpr (kFault != Fault::kNoSyncwarpAfterWrite) {
      __syncwarp();  // the row is complete
    }
    output[round * 32 + lane] = row[31 - lane];
    if constexpr (kFault != Fault::kNoSyncwarpBeforeReuse) __syncwarp();  // the row is read
  }
}

template <Fault kFault>
bool run_reverse() {
  GuardedMemory<int> input(32 * kRounds);
  GuardedMemory<int> output(32 * kRounds);
  for (int i = 0; i < 32 * kRounds; ++i) input[i] = i;
  simt::launch(reverse_lanes<kFault>, 1, 32, 0, nullptr, input.data(), output.data());
  bool right = output.is_intact();
  for (int i = 0; i < 32 * kRounds; ++i) right &= output[i] == i / 32 * 32 + 31 - i % 32;
  return right;
}

// A sum by a tree in shared memory, as it was written before warps could diverge.
template <Fault kFault>
__global__ void tree_sum(const int* input, int* output) {
  SIMT_SHARED(int, partial, [32]);
  const int lane = static_cast<int>(threadIdx.x);
  partial[lane] = input[lane];
  __syncwarp();  // all values are there
  for (int distance = 16; distance > 0; distance /= 2) {
    if (lane < distance) partial[lane] += partial[lane + distance];
    if constexpr (kFault != Fault::kTreeWithoutSyncwarp) __syncwarp();  // this level is done
  }
  output[lane] = partial[0];
}

// The same by collectives.
template <Fault kFault>
__global__ void shuffled_sum(const int* input, int* output) {
  const int lane = static_cast<int>(threadIdx.x);
  int sum = input[lane];
  if constexpr (kFault == Fault::kShuffleInBranch) {
    if (lane < 16) sum += __shfl_down_sync(kAllLanes, sum, 16);
  } else if constexpr (kFault == Fault::kMaskLeavesCallersOut) {
    sum += __shfl_xor_sync(0x0000ffffu, sum, 16);
  } else if constexpr (kFault == Fault::kMaskOfOneHalf) {
    sum += __shfl_xor_sync(lane < 16 ? 0x0000ffffu : 0xffff0000u, sum, 16);
  } else if constexpr (kFault == Fault::kOverlappingMasks) {
    sum += __shfl_xor_sync(lane < 16 ? kAllLanes : 0xffff0000u, sum, 16);
  } else {
    sum += __shfl_xor_sync(kAllLanes, sum, 16);
  }
  if constexpr (kFault == Fault::kVoteInBranch) {
    if (lane < 20) sum = __all_sync(kAllLanes, 1) != 0 ? sum : 0;
  }
  for (int distance = 8; distance > 0; distance /= 2) {
    sum += __shfl_xor_sync(kAllLanes, sum, distance);
  }
  output[lane] = sum;
}

template <void (*kKernel)(const int*, int*)>
bool sums() {
  GuardedMemory<int> input(32);
  GuardedMemory<int> output(32);
  int sum = 0;
  for (int i = 0; i < 32; ++i) sum += input[i] = i * i + 1;
  simt::launch(kKernel, 1, 32, 0, nullptr, input.data(), output.data());
  bool right = output.is_intact();
  for (int i = 0; i < 32; ++i) right &= output[i] == sum;
  return right;
}

template <Fault kFault>
bool run_tree() {
  return sums<tree_sum<kFault>>();
}
template <Fault kFault>
bool run_shuffles() {
  return sums<shuffled_sum<kFault>>();
}

}  // namespace

std::vector<BrokenKernel> broken_warps() {
  return {
      PACKPROOF_BROKEN("no syncwarp between write and read", run_reverse, kNoSyncwarpAfterWrite),
      PACKPROOF_BROKEN("no syncwarp before the next write", run_reverse, kNoSyncwarpBeforeReuse),
      PACKPROOF_BROKEN("a shuffle taken for a syncwarp", run_reverse, kShuffleForOrder),
      PACKPROOF_BROKEN("tree of a warp in lockstep", run_tree, kTreeWithoutSyncwarp),
      PACKPROOF_BROKEN("shuffle in divergent code", run_shuffles, kShuffleInBranch),
      PACKPROOF_BROKEN("vote in divergent code", run_shuffles, kVoteInBranch),
      PACKPROOF_BROKEN("mask that leaves callers out", run_shuffles, kMaskLeavesCallersOut),
      PACKPROOF_BROKEN("mask without the source lane", run_shuffles, kMaskOfOneHalf),
      PACKPROOF_BROKEN("masks that overlap", run_shuffles, kOverlappingMasks),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
