// Mistakes around a warp's matrix instructions: tiles, swizzles, fragments.
#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/device/instructions/mma.cuh"
#include "kernels/device/instructions/packed_pair.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kNoBarrierBeforeLdmatrix,
  kNoBarrierBeforeReuse,
  kLdmatrixPastTile,
  kStoreIgnoresSwizzle,
  kLoadIgnoresSwizzle,
  kSwizzleOfAnotherRow,
  kHalvesOfBSwapped,
  kRowsOfASwapped,
  kNoTranspose,
  kWrongAccumulator,
  kTailNotZeroed,
  kReadsNextSegment,
  kMmaInBranch,
  kNoSyncwarpAfterStmatrix,
  kStmatrixToOtherRows,
  kStmatrixPastTile,
};

using bf16 = __nv_bfloat16;

constexpr int kDim = 64;     // of a row of k and of v: 8 pieces of 16 bytes
constexpr int kTokens = 32;  // of a tile
constexpr int kThreads = 128;
constexpr int kSegments = 3;
constexpr int kBoundaries[kSegments + 1] = {0, 32, 81, 100};

__device__ bf16* piece_of(bf16* tile, int row, int piece) {
  return tile + row * kDim + (piece ^ (row & 7)) * 8;
}

// The tokens of a tile, those from `length` on zero.
template <Fault kFault>
__device__ void load_tile(bf16* tile, const bf16* rows, int length) {
  for (int i = static_cast<int>(threadIdx.x); i < kTokens * 8; i += kThreads) {
    const int row = i / 8;
    bf16* to = kFault == Fault::kStoreIgnoresSwizzle ? tile + i * 8 : piece_of(tile, row, i % 8);
    if (row < length || kFault == Fault::kReadsNextSegment) {
      *reinterpret_cast<uint4*>(to) = *reinterpret_cast<const uint4*>(rows + i * 8);
    } else if (kFault != Fault::kTailNotZeroed) {
      *reinterpret_cast<uint4*>(to) = uint4{0, 0, 0, 0};
    }
  }
}

// Where a lane finds its row of a piece for ldmatrix.
template <Fault kFault>
__device__ const bf16* find_piece(bf16* tile, int row, int piece) {
  if (kFault == Fault::kLoadIgnoresSwizzle) return tile + row * kDim + piece * 8;
  if (kFault == Fault::kSwizzleOfAnotherRow) {
    return tile + row * kDim + (piece ^ ((row + 1) & 7)) * 8;
  }
  return piece_of(tile, row + (kFault == Fault::kLdmatrixPastTile ? 16 : 0), piece);
}

// Block s: state[s] = k^T v over the tokens of segment s, [64][64]. Warp w has rows from 16 w on.
template <Fault kFault>
__global__ void segment_states(const bf16* k, const bf16* v, const int* cu_seqlens, bf16* state) {
  SIMT_SHARED_ALIGNED(16, bf16, k_tile, [kTokens * kDim]);
  SIMT_SHARED_ALIGNED(16, bf16, v_tile, [kTokens * kDim]);
  SIMT_SHARED_ALIGNED(16, bf16, results, [kDim * kDim]);
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int first_row = static_cast<int>(threadIdx.x) / 32 * 16;
  const int begin = cu_seqlens[blockIdx.x];
  const int end = cu_seqlens[blockIdx.x + 1];
  float sums[8][4] = {};
  for (int first = begin; first < end; first += kTokens) {
    load_tile<kFault>(k_tile, k + first * kDim, end - first);
    load_tile<kFault>(v_tile, v + first * kDim, end - first);
    if constexpr (kFault != Fault::kNoBarrierBeforeLdmatrix) __syncthreads();  // tiles are complete
    for (int depth = 0; depth < kTokens; depth += 16) {
      std::uint32_t a[4];
      const bf16* a_row = find_piece<kFault>(k_tile, depth + lane / 16 * 8 + lane % 8,
                                             first_row / 8 + lane / 8 % 2);
      if constexpr (kFault == Fault::kNoTranspose) {
        ldmatrix(a, a_row);
      } else {
        ldmatrix_trans(a, a_row);
      }
      constexpr bool kSwapsA = kFault == Fault::kRowsOfASwapped;
      constexpr int kLow = kFault == Fault::kHalvesOfBSwapped ? 1 : 0;
      for (int pair = 0; pair < 4; ++pair) {
        std::uint32_t b[4];
        ldmatrix_trans(b, find_piece<kFault>(v_tile, depth + lane % 16, pair * 2 + lane / 16));
        float(&left)[4] = sums[2 * pair];
        float(&right)[4] = sums[kFault == Fault::kWrongAccumulator ? 2 * pair : 2 * pair + 1];
        if (kFault == Fault::kMmaInBranch && lane >= 16 && pair == 3) continue;
        mma_m16n8k16_bf16(left, {a[kSwapsA], a[!kSwapsA], a[2], a[3]}, {b[kLow], b[1 - kLow]},
                          left);
        mma_m16n8k16_bf16(right, a, {b[2 + kLow], b[3 - kLow]}, right);
      }
    }
    if constexpr (kFault != Fault::kNoBarrierBeforeReuse) __syncthreads();  // the tiles are read
  }

  for (int pair = 0; pair < 4; ++pair) {
    const int shift = kFault == Fault::kStmatrixToOtherRows ? 8
                      : kFault == Fault::kStmatrixPastTile  ? kDim
                                                            : 0;
    const int row = first_row + (lane + shift) % 16 + shift / kDim * kDim;
    stmatrix(piece_of(results, row, pair * 2 + lane / 16),
             {pack_bf16x2(sums[2 * pair][0], sums[2 * pair][1]),
              pack_bf16x2(sums[2 * pair][2], sums[2 * pair][3]),
              pack_bf16x2(sums[2 * pair + 1][0], sums[2 * pair + 1][1]),
              pack_bf16x2(sums[2 * pair + 1][2], sums[2 * pair + 1][3])});
  }
  if constexpr (kFault != Fault::kNoSyncwarpAfterStmatrix) __syncwarp();  // the rows are complete
  bf16* to = state + blockIdx.x * kDim * kDim + first_row * kDim;
  for (int i = lane; i < 16 * 8; i += 32) {
    *reinterpret_cast<uint4*>(to + i * 8) =
        *reinterpret_cast<const uint4*>(piece_of(results, first_row + i / 8, i % 8));
  }
}

template <Fault kFault>
bool run() {
  constexpr int kAll = kBoundaries[kSegments];
  GuardedMemory<bf16> k(kAll * kDim);
  GuardedMemory<bf16> v(kAll * kDim);
  GuardedMemory<int> cu_seqlens(kSegments + 1);
  GuardedMemory<bf16> state(kSegments * kDim * kDim);
  // Small integers: their sums are exact in bf16, in any order.
  const auto k_of = [](int token, int i) { return (token * 5 + i * 3 + token * i) % 5 - 2; };
  const auto v_of = [](int token, int i) { return (token * 3 + i * 7 + token * i / 3) % 5 - 2; };
  for (int token = 0; token < kAll; ++token) {
    for (int i = 0; i < kDim; ++i) {
      k[token * kDim + i] = __float2bfloat16(static_cast<float>(k_of(token, i)));
      v[token * kDim + i] = __float2bfloat16(static_cast<float>(v_of(token, i)));
    }
  }
  for (int i = 0; i <= kSegments; ++i) cu_seqlens[i] = kBoundaries[i];
  simt::launch(segment_states<kFault>, kSegments, kThreads, 0, nullptr, k.data(), v.data(),
               cu_seqlens.data(), state.data());
  bool right = state.is_intact();
  for (int segment = 0; segment < kSegments; ++segment) {
    for (int i = 0; i < kDim * kDim; ++i) {
      int sum = 0;
      for (int token = kBoundaries[segment]; token < kBoundaries[segment + 1]; ++token) {
        sum += k_of(token, i / kDim) * v_of(token, i % kDim);
      }
      const float result = __bfloat162float(state[segment * kDim * kDim + i]);
      right &= result == static_cast<float>(sum);  // false for a NaN
    }
  }
  return right;
}

}  // namespace

std::vector<BrokenKernel> broken_matrices() {
  return {
      PACKPROOF_BROKEN("no barrier before ldmatrix", run, kNoBarrierBeforeLdmatrix),
      PACKPROOF_BROKEN("tile filled again while read", run, kNoBarrierBeforeReuse),
      PACKPROOF_BROKEN("ldmatrix past its tile", run, kLdmatrixPastTile),
      PACKPROOF_BROKEN("stores without the swizzle", run, kStoreIgnoresSwizzle),
      PACKPROOF_BROKEN("loads without the swizzle", run, kLoadIgnoresSwizzle),
      PACKPROOF_BROKEN("swizzle of another row", run, kSwizzleOfAnotherRow),
      PACKPROOF_BROKEN("halves of B swapped", run, kHalvesOfBSwapped),
      PACKPROOF_BROKEN("rows of A swapped", run, kRowsOfASwapped),
      PACKPROOF_BROKEN("ldmatrix without trans", run, kNoTranspose),
      PACKPROOF_BROKEN("wrong accumulator", run, kWrongAccumulator),
      PACKPROOF_BROKEN("tail rows of a tile not zeroed", run, kTailNotZeroed),
      PACKPROOF_BROKEN("tile reads on into the next segment", run, kReadsNextSegment),
      PACKPROOF_BROKEN("mma in divergent code", run, kMmaInBranch),
      PACKPROOF_BROKEN("no syncwarp after stmatrix", run, kNoSyncwarpAfterStmatrix),
      PACKPROOF_BROKEN("stmatrix to other rows", run, kStmatrixToOtherRows),
      PACKPROOF_BROKEN("stmatrix past its tile", run, kStmatrixPastTile),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
