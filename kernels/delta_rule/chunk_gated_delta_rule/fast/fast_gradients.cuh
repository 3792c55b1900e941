// What a block of the gradients holds, and the sums over rows and columns of a product.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_states.cuh"

namespace packproof::PACKPROOF_KERNELS {

constexpr int kGradientThreads = 256;

template <int kKeyTiles, int kValueTiles>
struct GradientMemory {
  alignas(1024) unsigned char q[kKeyTiles * kTileBytes];
  unsigned char k[kKeyTiles * kTileBytes];
  // Of one value head.
  unsigned char v[kValueTiles * kTileBytes], dout[kValueTiles * kTileBytes];
  unsigned char dv[kValueTiles * kTileBytes];  // dB, and then dV = b dB
  unsigned char s[kValueTiles * kKeyTiles * kTileBytes], ds[kValueTiles * kKeyTiles * kTileBytes];
  unsigned char n[kTileBytes];
  unsigned char written[kValueTiles * kTileBytes];  // b W', and then V~
  unsigned char rest[kValueTiles * kTileBytes];     // of V~, what rounding left
  unsigned char z[kTileBytes], h[kTileBytes];
  ChunkFactors factors;
  // [warpgroup][token]
  float dbeta[2][kChunkTokens], decay_rows[2][kChunkTokens], retrieved[2][kChunkTokens];
  float decay_columns[2][4][kChunkTokens];  // by warps
  float ends[kChunkTokens], whole[kGradientThreads / 32];
  Mbarrier keys_loaded, head_loaded;
};

// The sum over a row of accumulators, of values of both rows; in all lanes of the row.
__device__ inline void sum_row(float (&rows)[2]) {
#pragma unroll
  for (float& row : rows) {
    row += __shfl_xor_sync(0xffffffffu, row, 1);
    row += __shfl_xor_sync(0xffffffffu, row, 2);
  }
}

// to[row] = the rows' sums.
__device__ inline void store_rows(float* to, const FragmentPlace& at, float (&rows)[2]) {
  sum_row(rows);
  if (at.lane % 4 != 0) return;
  to[at.row] = rows[0];
  to[at.row + 8] = rows[1];
}

// to[warp][column] = sums over the warp's 16 rows.
__device__ inline void store_columns(float (&to)[4][kChunkTokens], const FragmentPlace& at,
                                     const float (&d)[32]) {
#pragma unroll
  for (int group = 0; group < 8; ++group) {
#pragma unroll
    for (int i = 0; i < 2; ++i) {
      float sum = d[4 * group + i] + d[4 * group + i + 2];
      sum += __shfl_xor_sync(0xffffffffu, sum, 4);
      sum += __shfl_xor_sync(0xffffffffu, sum, 8);
      sum += __shfl_xor_sync(0xffffffffu, sum, 16);
      if (at.lane < 4) to[at.warp][8 * group + at.column + i] = sum;
    }
  }
}

// visit(accumulator, value) for elements of a tile that lie as the accumulators do. By all lanes.
template <class T, class Visit>
__device__ inline void for_each_of_tile(const unsigned char* tile, Visit visit) {
  const int chunk = FragmentPlace().row_chunk();
#pragma unroll
  for (int step = 0; step < 4; ++step) {
    std::uint32_t fragment[4];
    ldmatrix(fragment, tile + (chunk ^ step * 32));
#pragma unroll
    for (int m = 0; m < 4; ++m) {
      const float2 pair = unpack_pair<T>(fragment[m]);
      visit(8 * step + 2 * m, pair.x);
      visit(8 * step + 2 * m + 1, pair.y);
    }
  }
}

template <class T>
__device__ inline void store_rounded(unsigned char* tile, const float (&d)[32]) {
  const int chunk = FragmentPlace().row_chunk();
#pragma unroll
  for (int step = 0; step < 4; ++step) {
    std::uint32_t fragment[4];
    round_step<T>(fragment, d, step);
    stmatrix(tile + (chunk ^ step * 32), fragment);
  }
}

template <class T>
__device__ inline float rounded(float value) {
  return to_float(from_float<T>(value));
}

// Rows of a tile to rows of a tensor; by all threads of the block.
template <class T>
__device__ inline void copy_rows(const unsigned char* tile, T* to, std::int64_t stride, int rows) {
  for (int i = static_cast<int>(threadIdx.x); i < rows * 8; i += kGradientThreads) {
    const auto from = swizzled_offset(static_cast<std::uint32_t>(i * 16), Swizzle::k128Bytes);
    *reinterpret_cast<uint4*>(to + i / 8 * stride + i % 8 * 8) =
        *reinterpret_cast<const uint4*>(tile + from);
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
