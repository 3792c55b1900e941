// Products of 64x64 tiles in shared memory by a block of four warps: warp w owns rows 16 w to
// 16 w + 15 of the result, in the accumulators of mma.sync (mma.cuh).
//
// bf16 and fp16 go to tensor cores, fp32 to ordinary multiply-adds: tf32 would drop 13 bits.
#pragma once

#include <cstdint>

#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/device/instructions/mma.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

constexpr int kTile = 64;
constexpr int kTileThreads = 128;

// Rows are 16 bytes longer than needed, so that the eight rows of an 8x8 matrix lie in other banks.
template <class T>
constexpr int kTilePitch = kTile + 16 / static_cast<int>(sizeof(T));

template <class T>
struct Tile {
  T rows[kTile][kTilePitch<T>];
};

// How a tile holds an operand: A [m, k] and B [k, n] as rows, or their transposes.
enum class Held { asIs, transposed };

// A warp's share of a 64x64 result: acc[n][0..1] are row lane / 4, columns 8 n + 2 (lane % 4) and
// the next; acc[n][2..3] the same of the row 8 below.
using TileShare = float[kTile / 8][4];

__device__ inline void clear(TileShare& acc) {
#pragma unroll
  for (int n = 0; n < kTile / 8; ++n) {
#pragma unroll
    for (int i = 0; i < 4; ++i) acc[n][i] = 0.0f;
  }
}

// Calls visit(row, column, element) for this thread's elements of the tile.
template <class Visit>
__device__ inline void for_each_element(TileShare& acc, Visit visit) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int row = static_cast<int>(threadIdx.x) / 32 * 16 + lane / 4;
#pragma unroll
  for (int n = 0; n < kTile / 8; ++n) {
#pragma unroll
    for (int i = 0; i < 4; ++i) visit(row + i / 2 * 8, 8 * n + lane % 4 * 2 + i % 2, acc[n][i]);
  }
}

template <class T>
struct TensorCore;
template <>
struct TensorCore<__nv_bfloat16> {
  __device__ static void multiply(float (&d)[4], const std::uint32_t (&a)[4],
                                  const std::uint32_t (&b)[2]) {
    mma_m16n8k16_bf16(d, a, b, d);
  }
};
template <>
struct TensorCore<__half> {
  __device__ static void multiply(float (&d)[4], const std::uint32_t (&a)[4],
                                  const std::uint32_t (&b)[2]) {
    mma_m16n8k16_f16(d, a, b, d);
  }
};

// acc += A B. All threads of the block call it; the tiles must have been ordered before.
template <Held kA, Held kB, class T>
__device__ inline void add_product(TileShare& acc, const Tile<T>& a, const Tile<T>& b) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int first_row = static_cast<int>(threadIdx.x) / 32 * 16;
  const int row8 = lane % 8, matrix = lane / 8;  // of ldmatrix: four matrices of 8 rows
#pragma unroll
  for (int k = 0; k < kTile; k += 16) {
    std::uint32_t a_fragment[4];
    if constexpr (kA == Held::asIs) {
      ldmatrix(a_fragment, &a.rows[first_row + matrix % 2 * 8 + row8][k + matrix / 2 * 8]);
    } else {
      ldmatrix_trans(a_fragment, &a.rows[k + matrix / 2 * 8 + row8][first_row + matrix % 2 * 8]);
    }
#pragma unroll
    for (int n = 0; n < kTile; n += 16) {
      std::uint32_t b_fragments[4];  // of two neighbouring n8 blocks
      if constexpr (kB == Held::asIs) {
        ldmatrix_trans(b_fragments, &b.rows[k + matrix % 2 * 8 + row8][n + matrix / 2 * 8]);
      } else {
        ldmatrix(b_fragments, &b.rows[n + matrix / 2 * 8 + row8][k + matrix % 2 * 8]);
      }
      const std::uint32_t first[2] = {b_fragments[0], b_fragments[1]};
      const std::uint32_t second[2] = {b_fragments[2], b_fragments[3]};
      TensorCore<T>::multiply(acc[n / 8], a_fragment, first);
      TensorCore<T>::multiply(acc[n / 8 + 1], a_fragment, second);
    }
  }
}

template <Held kA, Held kB>
__device__ inline void add_product(TileShare& acc, const Tile<float>& a, const Tile<float>& b) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int row = static_cast<int>(threadIdx.x) / 32 * 16 + lane / 4;
  for (int k = 0; k < kTile; ++k) {
    const float upper = kA == Held::asIs ? a.rows[row][k] : a.rows[k][row];
    const float lower = kA == Held::asIs ? a.rows[row + 8][k] : a.rows[k][row + 8];
#pragma unroll
    for (int n = 0; n < kTile / 8; ++n) {
      const int column = 8 * n + lane % 4 * 2;
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        const float right = kB == Held::asIs ? b.rows[k][column + i] : b.rows[column + i][k];
        acc[n][i] = fmaf(upper, right, acc[n][i]);
        acc[n][i + 2] = fmaf(lower, right, acc[n][i + 2]);
      }
    }
  }
}

// Rows [0, valid) of a tile of a matrix in global memory whose rows are `stride` elements apart;
// rows beyond are zero. `from` and the rows must be aligned to 16 bytes. Element (row, column)
// becomes change(row, value).
template <class T, class Change>
__device__ inline void load_tile(Tile<T>& tile, const T* from, std::int64_t stride, int valid,
                                 Change change) {
  constexpr int kLanes = 16 / static_cast<int>(sizeof(T));
  constexpr int kGroups = kTile / kLanes;  // a row
  for (int i = static_cast<int>(threadIdx.x); i < kTile * kGroups; i += kTileThreads) {
    const int row = i / kGroups, column = i % kGroups * kLanes;
    float lanes[kLanes] = {};
    if (row < valid) {
      Raw<T, kLanes>::load(from + row * stride + column).unpack(lanes);
#pragma unroll
      for (int j = 0; j < kLanes; ++j) lanes[j] = change(row, lanes[j]);
    }
    store_lanes(&tile.rows[row][column], lanes);
  }
}

template <class T>
__device__ inline void load_tile(Tile<T>& tile, const T* from, std::int64_t stride, int valid) {
  load_tile(tile, from, stride, valid, [](int, float value) { return value; });
}

// Rounds to T.
template <class T>
__device__ inline void store_share(Tile<T>& tile, TileShare& acc) {
  for_each_element(acc, [&](int row, int column, float value) {
    tile.rows[row][column] = from_float<T>(value);
  });
}

// Rounds to T; rows from `valid` on are left alone.
template <class T>
__device__ inline void store_share(T* to, std::int64_t stride, int valid, TileShare& acc) {
  for_each_element(acc, [&](int row, int column, float value) {
    if (row < valid) to[row * stride + column] = from_float<T>(value);
  });
}

// sums[row] of visit(row, column, element) over the columns. One thread of each row writes it.
template <class Visit>
__device__ inline void sum_rows(TileShare& acc, float* sums, Visit visit) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int row = static_cast<int>(threadIdx.x) / 32 * 16 + lane / 4;
  float upper = 0.0f, lower = 0.0f;
  for_each_element(acc, [&](int r, int column, float value) {
    (r == row ? upper : lower) += visit(r, column, value);
  });
#pragma unroll
  for (int distance = 1; distance < 4; distance *= 2) {
    upper += __shfl_xor_sync(0xffffffffu, upper, distance);
    lower += __shfl_xor_sync(0xffffffffu, lower, distance);
  }
  if (lane % 4 == 0) {
    sums[row] = upper;
    sums[row + 8] = lower;
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
