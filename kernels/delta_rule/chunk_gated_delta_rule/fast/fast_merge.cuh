// N21 = -N22 diag(factor) (products21 N11): the lower left block of an inverse from its neighbours,
// by one warp for 16 of its columns.
//
// First the transposed product T^T = N11^T products21^T. Its accumulators are operand B of the
// second product as they lie, if element 2 t of each eight along k counts as t and 2 t + 1 as t + 4
// there; operand A is read in that order.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_tiles.cuh"
#include "kernels/device/instructions/mma.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Rows of a fragment lie in other banks, and so do 16 columns of two tiles in a row.
struct FloatTile {
  float at[kChunkTokens][68];
  float unused[16];
};

// To tf32, the nearest.
__device__ inline std::uint32_t round_to_tf32(float value) {
  return (__float_as_uint(value) + 0x1000u) & ~0x1fffu;
}

// d += a b, of one k-step of 8. In two parts, what a first rounding leaves counts too.
template <bool kInTwoParts>
__device__ inline void add_tf32(float (&d)[4], const float (&a)[4], const float (&b)[2]) {
  std::uint32_t upper_a[4], upper_b[2];
#pragma unroll
  for (int i = 0; i < 4; ++i) upper_a[i] = round_to_tf32(a[i]);
#pragma unroll
  for (int i = 0; i < 2; ++i) upper_b[i] = round_to_tf32(b[i]);
  if constexpr (kInTwoParts) {
    std::uint32_t lower_a[4], lower_b[2];
#pragma unroll
    for (int i = 0; i < 4; ++i) lower_a[i] = round_to_tf32(a[i] - __uint_as_float(upper_a[i]));
#pragma unroll
    for (int i = 0; i < 2; ++i) lower_b[i] = round_to_tf32(b[i] - __uint_as_float(upper_b[i]));
    mma_m16n8k8_tf32(d, lower_a, upper_b, d);
    mma_m16n8k8_tf32(d, upper_a, lower_b, d);
  }
  mma_m16n8k8_tf32(d, upper_a, upper_b, d);
}

// The pair of blocks of kSize rows begins at row and column `first`; of N11's columns, the 16 from
// `own` on. N11's own upper right is not read.
template <class T, int kSize>
__device__ inline void merge(FloatTile& inverse, const FloatTile& products, const float* factor,
                             int first, int own) {
  constexpr bool kInTwoParts = std::is_same_v<T, __half>;
  [[maybe_unused]] constexpr int kStepsAtOnce =
      kInTwoParts ? 1 : kSize / 8;  // two parts want more registers
  const int lane = static_cast<int>(threadIdx.x) % 32, g = lane / 4, t = lane % 4;
  const int lower = first + kSize, column = first + own;
  float inner[kSize / 8][4] = {};  // T^T: 16 columns of N11, kSize rows of the lower block
#pragma unroll kStepsAtOnce
  for (int k = 0; k < kSize; k += 8) {
    if (k < own) continue;  // above the diagonal of N11
    float a[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int m = k + t + i / 2 * 4, j = own + g + i % 2 * 8;
      a[i] = m >= j ? inverse.at[first + m][first + j] : 0.0f;
    }
#pragma unroll
    for (int q = 0; q < kSize / 8; ++q) {
      const float* row = products.at[lower + 8 * q + g] + first + k + t;
      const float b[2] = {row[0], row[4]};
      add_tf32<kInTwoParts>(inner[q], a, b);
    }
  }
#pragma unroll
  for (int m = 0; m < kSize; m += 16) {
    float result[2][4] = {};
#pragma unroll
    for (int q = 0; q < kSize / 8; ++q) {
      if (8 * q >= m + 16) continue;  // above N22's diagonal
      const int k = 8 * q + 2 * t;
      float a[4];
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int row = m + g + i % 2 * 8, at = k + i / 2;
        a[i] = at <= row ? inverse.at[lower + row][lower + at] : 0.0f;
      }
#pragma unroll
      for (int r = 0; r < 2; ++r) {
        const float b[2] = {factor[lower + k] * inner[q][2 * r],
                            factor[lower + k + 1] * inner[q][2 * r + 1]};
        add_tf32<kInTwoParts>(result[r], a, b);
      }
    }
#pragma unroll
    for (int r = 0; r < 2; ++r) {
#pragma unroll
      for (int i = 0; i < 4; ++i)
        inverse.at[lower + m + g + i / 2 * 8][column + 8 * r + 2 * t + i % 2] = -result[r][i];
    }
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
