// Matrix products of tokens and weights in tiles of 64x64, for the projections of layers:
//   C = sum over terms of A B
// where A is [m, depth] or held transposed, B [depth, n] or held transposed. Each element of C is
// summed in fp32 in one order, term by term and along the depth, whatever m and n are: a token's
// row has the same bits in a shard as in the whole.
//
// Rows of tokens beyond the valid ones are never read and count as zeros, whatever the weights are:
// a NaN in those reaches no row of slack. Tokens lie along m, or, with A held transposed (gradients
// of weights), along the depth.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "kernels/device/tiles/tile_product.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/launch/stream.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

constexpr int kMostMatmulTerms = 6;

struct MatmulTerm {
  const void* a;  // aligned to an element, as b
  const void* b;
  std::int64_t a_stride;  // elements from a row as held to the next
  std::int64_t b_stride;
  std::int64_t depth;
};

struct Matmul {
  MatmulTerm terms[kMostMatmulTerms];
  int count;
  std::int64_t m, n;
  void* c;                         // [m, n]; all is written
  const std::int32_t* tokens_end;  // one behind the last valid token of the layout
  std::int64_t first_token;        // of these rows of tokens, in the layout
};

namespace {

__device__ inline int within_tile(std::int64_t left) {
  return static_cast<int>(left < 0 ? 0 : left < kTile ? left : kTile);
}

// Rows [0, rows) and columns [0, columns) of a tile; the rest is zero.
template <class T>
__device__ inline void load_edge_tile(Tile<T>& tile, const T* from, std::int64_t stride, int rows,
                                      int columns) {
  constexpr int kLanes = 16 / static_cast<int>(sizeof(T));
  constexpr int kGroups = kTile / kLanes;  // a row
  const bool vectors =
      (reinterpret_cast<std::uintptr_t>(from) | static_cast<std::uintptr_t>(stride) * sizeof(T)) %
          16 ==
      0;
  for (int i = static_cast<int>(threadIdx.x); i < kTile * kGroups; i += kTileThreads) {
    const int row = i / kGroups, column = i % kGroups * kLanes;
    const T* at = from + row * stride + column;
    float lanes[kLanes] = {};
    if (row < rows && vectors && column + kLanes <= columns) {
      Raw<T, kLanes>::load(at).unpack(lanes);
    } else if (row < rows) {
#pragma unroll
      for (int j = 0; j < kLanes; ++j)
        if (column + j < columns) lanes[j] = to_float(at[j]);
    }
    store_lanes(&tile.rows[row][column], lanes);
  }
}

// Grid: (row tiles, column tiles) of C.
template <Held kA, Held kB, class T, class Out>
__global__ void __launch_bounds__(kTileThreads) matmul_kernel(Matmul p) {
  SIMT_SHARED_ALIGNED(16, Tile<T>, a);
  SIMT_SHARED_ALIGNED(16, Tile<T>, b);
  constexpr bool kTokensAlongDepth = kA == Held::transposed;
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kTile;
  const std::int64_t column = static_cast<std::int64_t>(blockIdx.y) * kTile;
  const std::int64_t tokens = *p.tokens_end - p.first_token;
  const std::int64_t rows = !kTokensAlongDepth && tokens < p.m ? tokens : p.m;

  TileShare acc;
  clear(acc);
  for (int i = 0; i < p.count; ++i) {
    const MatmulTerm& term = p.terms[i];
    const T* left = static_cast<const T*>(term.a);
    const T* right = static_cast<const T*>(term.b);
    const std::int64_t depth = kTokensAlongDepth && tokens < term.depth ? tokens : term.depth;
    if (row >= rows) break;
    for (std::int64_t k = 0; k < depth; k += kTile) {
      if constexpr (kA == Held::asIs) {
        load_edge_tile(a, left + row * term.a_stride + k, term.a_stride, within_tile(rows - row),
                       within_tile(depth - k));
      } else {
        load_edge_tile(a, left + k * term.a_stride + row, term.a_stride, within_tile(depth - k),
                       within_tile(rows - row));
      }
      if constexpr (kB == Held::asIs) {
        load_edge_tile(b, right + k * term.b_stride + column, term.b_stride, within_tile(depth - k),
                       within_tile(p.n - column));
      } else {
        load_edge_tile(b, right + column * term.b_stride + k, term.b_stride,
                       within_tile(p.n - column), within_tile(depth - k));
      }
      __syncthreads();  // the tiles are whole
      add_product<kA, kB>(acc, a, b);
      __syncthreads();  // all have read them
    }
  }
  Out* c = static_cast<Out*>(p.c);
  for_each_element(acc, [&](int r, int col, float value) {
    if (row + r < p.m && column + col < p.n)
      c[(row + r) * p.n + column + col] = from_float<Out>(row + r < rows ? value : 0.0f);
  });
}

template <Held kA, Held kB, class T, class Out>
void launch_matmul(const Matmul& p, Stream stream) {
  simt::launch(matmul_kernel<kA, kB, T, Out>,
               dim3(static_cast<unsigned>(divide_up(p.m, kTile)),
                    static_cast<unsigned>(divide_up(p.n, kTile))),
               dim3(kTileThreads), 0, stream, p);
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
