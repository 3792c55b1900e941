// Tiles of 64 tokens by 64 elements in shared memory, for the fast path of chunk_gated_delta_rule:
// how tensor copies, wgmma and fragments of a warpgroup meet them. Wider operands are tiles in a
// row.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_delta_rule.cuh"
#include "kernels/device/instructions/fresh_thread_index.cuh"
#include "kernels/device/instructions/half_pair.cuh"
#include "kernels/device/instructions/matrix_descriptor.cuh"
#include "kernels/device/instructions/swizzle.cuh"
#include "kernels/device/instructions/tensor_map.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Of an operand whose rows are rows of tiles: its 16 columns from 16 `step` on.
__device__ inline std::uint64_t k_major(const unsigned char* tiles, int step) {
  return matrix_descriptor(tiles + step / 4 * kTileBytes + step % 4 * 32, 16, 1024,
                           Swizzle::k128Bytes);
}

// Of an operand whose rows are columns of tiles: the 16 rows of tiles from 16 `step` on.
__device__ inline std::uint64_t mn_major(const unsigned char* tiles, int step) {
  return matrix_descriptor(tiles + step * 2048, kTileBytes, 1024, Swizzle::k128Bytes);
}

// Where a thread of a warpgroup has its accumulators (wgmma.cuh), and what its fragments are in a
// tile. Made afresh where it is used: fresh_thread_index.cuh.
struct FragmentPlace {
  int warp, lane;
  int row;     // of accumulators 0 and 1
  int column;  // of accumulator 0

  __device__ FragmentPlace() {
    const int thread = static_cast<int>(fresh_thread_index());
    warp = thread / 32 % 4;
    lane = thread % 32;
    row = 16 * warp + lane / 4;
    column = lane % 4 * 2;
  }
  __device__ int row_of(int accumulator) const { return row + accumulator / 2 % 2 * 8; }
  __device__ int column_of(int accumulator) const {
    return accumulator / 4 * 8 + column + accumulator % 2;
  }
  // For ldmatrix and stmatrix: rows of the tile are rows of the fragment. Step s: ^ 32 s.
  __device__ int row_chunk() const {
    return (16 * warp + lane % 16) * 128 + ((lane / 16 ^ lane % 8) << 4);
  }
  // For the same with trans: columns of the tile are rows of the fragment. Step s: + 2048 s.
  __device__ int column_chunk() const {
    return (lane / 16 * 8 + lane % 8) * 128 + (((2 * warp + lane / 8 % 2) ^ lane % 8) << 4);
  }
};

// Accumulators of 16 columns, rounded, as operand A or for stmatrix.
template <class T, int kRegisters>
__device__ inline void round_step(std::uint32_t (&fragment)[4], const float (&d)[kRegisters],
                                  int step) {
#pragma unroll
  for (int m = 0; m < 4; ++m)
    fragment[m] = pack_pair<T>(d[8 * step + 2 * m], d[8 * step + 2 * m + 1]);
}

template <class T>
constexpr TensorElement kTensorElement =
    std::is_same_v<T, __half> ? TensorElement::kFp16 : TensorElement::kBf16;

// Of [total_tokens, heads, dim]; coordinates are (element, head, token), a box is one tile.
template <class T>
TensorMap tile_map(const GatedDeltaRuleInputs& in, const void* tensor, std::int32_t heads,
                   std::int32_t dim) {
  const std::uint64_t row_bytes = static_cast<std::uint64_t>(dim) * sizeof(T);
  const auto head_count = static_cast<std::uint64_t>(heads);
  return make_tensor_map({.global = const_cast<void*>(tensor),
                          .element = kTensorElement<T>,
                          .rank = 3,
                          .size = {static_cast<std::uint64_t>(dim), head_count,
                                   static_cast<std::uint64_t>(in.total_tokens)},
                          .stride_bytes = {0, row_bytes, row_bytes * head_count},
                          .box = {64, 1, kChunkTokens},
                          .swizzle = Swizzle::k128Bytes});
}
template <class T>
TensorMap key_map(const GatedDeltaRuleInputs& in, const void* tensor) {
  return tile_map<T>(in, tensor, in.key_heads, in.key_dim);
}
template <class T>
TensorMap value_map(const GatedDeltaRuleInputs& in, const void* tensor) {
  return tile_map<T>(in, tensor, in.value_heads, in.value_dim);
}

// Calls visit.template operator()<key_dim / 64>(). key_dim is 64 or 128.
template <class Visit>
void for_key_tile_counts(std::int32_t key_dim, Visit visit) {
  if (key_dim == 64)
    visit.template operator()<1>();
  else
    visit.template operator()<2>();
}

}  // namespace packproof::PACKPROOF_KERNELS
