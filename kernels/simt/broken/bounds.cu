// Mistakes in indices: past shared variables, into other segments, and values never written.
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kReadsPastTile,
  kWritesPastTile,
  kWritesBeforeTile,
  kTailNotZeroed,
  kReadsNextSegment,
  kWritesNextSegment,
  kReadsSegmentBefore,
  kOneRowTooMany,
  kEmptySegmentWrites,
};

constexpr int kTile = 64;
constexpr int kSegments = 4;
constexpr int kBoundaries[kSegments + 1] = {0, 40, 104, 104, 155};

// output[t] = input[t] + 2 input[t - 1] + sum of the tile of 64 that holds t, where a segment
// starts anew: nothing before its first element, tiles counted from there. Block s: segment s.
template <Fault kFault>
__global__ void tile_sums(const int* input, const int* cu_seqlens, int* output) {
  SIMT_SHARED(int, tile, [kTile]);
  const int thread = static_cast<int>(threadIdx.x);
  const int begin = cu_seqlens[blockIdx.x];
  const int end = cu_seqlens[blockIdx.x + 1];
  if constexpr (kFault == Fault::kEmptySegmentWrites) {
    if (thread == 0) output[begin] = 0;
    __syncthreads();
  }
  for (int first = begin; first < end; first += kTile) {
    const int length = min(kTile, end - first);
    const int reach = kFault == Fault::kReadsNextSegment ? kTile
                      : kFault == Fault::kOneRowTooMany  ? min(kTile, length + 1)
                                                         : length;
    volatile int* place = tile;  // out of the compiler's sight
    if constexpr (kFault == Fault::kTailNotZeroed) {
      if (thread < reach) tile[thread] = input[first + thread];
    } else {
      tile[thread] = thread < reach ? input[first + thread] : 0;
    }
    if constexpr (kFault == Fault::kWritesPastTile) {
      if (thread == 0) place[kTile] = 0;
    }
    if constexpr (kFault == Fault::kWritesBeforeTile) {
      if (thread == 0) place[-1] = 0;
    }
    __syncthreads();  // the tile is complete
    int sum = 0;
    const int past = kFault == Fault::kReadsPastTile ? kTile + 1 : kTile;
    for (int i = 0; i < past; ++i) sum += place[i];
    const int token = first + thread;
    const bool has_before = kFault == Fault::kReadsSegmentBefore || token > begin;
    if (kFault == Fault::kWritesNextSegment || thread < length) {
      output[token] =
          (thread < length ? input[token] : 0) + (has_before ? 2 * input[token - 1] : 0) + sum;
    }
    __syncthreads();  // the tile is read
  }
}

template <Fault kFault>
bool run() {
  constexpr int kTokens = kBoundaries[kSegments];
  GuardedMemory<int> input(kTokens);
  GuardedMemory<int> cu_seqlens(kSegments + 1);
  GuardedMemory<int> output(kTokens);
  for (int i = 0; i < kTokens; ++i) input[i] = i * 7 % 100 + 1;
  for (int i = 0; i <= kSegments; ++i) cu_seqlens[i] = kBoundaries[i];
  simt::launch(tile_sums<kFault>, kSegments, kTile, 0, nullptr, input.data(), cu_seqlens.data(),
               output.data());
  bool right = output.is_intact();
  for (int segment = 0; segment < kSegments; ++segment) {
    for (int token = kBoundaries[segment]; token < kBoundaries[segment + 1]; ++token) {
      const int first = token - (token - kBoundaries[segment]) % kTile;
      int expected = input[token] + (token > kBoundaries[segment] ? 2 * input[token - 1] : 0);
      for (int i = first; i < std::min(first + kTile, kBoundaries[segment + 1]); ++i) {
        expected += input[i];
      }
      right &= output[token] == expected;
    }
  }
  return right;
}

}  // namespace

std::vector<BrokenKernel> broken_bounds() {
  return {
      PACKPROOF_BROKEN("reads past a shared tile", run, kReadsPastTile),
      PACKPROOF_BROKEN("writes past a shared tile", run, kWritesPastTile),
      PACKPROOF_BROKEN("writes before a shared tile", run, kWritesBeforeTile),
      PACKPROOF_BROKEN("tail of a tile not zeroed", run, kTailNotZeroed),
      PACKPROOF_BROKEN("reads on into the next segment", run, kReadsNextSegment),
      PACKPROOF_BROKEN("writes on into the next segment", run, kWritesNextSegment),
      PACKPROOF_BROKEN("reads the segment before", run, kReadsSegmentBefore),
      PACKPROOF_BROKEN("one row too many", run, kOneRowTooMany),
      PACKPROOF_BROKEN("an empty segment that writes", run, kEmptySegmentWrites),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
