// What the two scans of the backward pass share: a block has one segment of one value head and 64
// columns of its state a warpgroup. A warpgroup holds S^T or dS^T, [64, key_dim], in fp32, and
// rounded as operand A. Copies run one chunk ahead.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_backward.cuh"
#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/device/instructions/wgmma.cuh"

namespace packproof::PACKPROOF_KERNELS {

// One segment of one value head, and its columns from `column` on.
struct BackwardTask {
  PlannedPiece segment;  // whole: nothing is split here
  std::int32_t head, column;

  __device__ std::int32_t chunks() const {
    return (segment.tokens + kChunkTokens - 1) / kChunkTokens;
  }
  __device__ std::int32_t tokens_of(std::int32_t chunk) const {
    return min(segment.tokens - chunk * kChunkTokens, kChunkTokens);
  }
  __device__ std::int32_t token_of(std::int32_t chunk) const {
    return segment.first_token + chunk * kChunkTokens;
  }
};

// Grid: (segments * value heads, value_dim / columns of a block). No tokens: none.
template <class T>
__device__ inline BackwardTask task_of_block(const FastBackward<T>& b, std::int32_t columns) {
  const std::int32_t heads = b.rule.in.value_heads;
  const auto index = static_cast<std::int32_t>(blockIdx.x) / heads;
  BackwardTask task{};
  if (index >= b.rule.counts->pieces) return task;
  return {b.rule.pieces[index], static_cast<std::int32_t>(blockIdx.x) % heads,
          static_cast<std::int32_t>(blockIdx.y) * columns};
}

// A state in registers, and where it lies in memory: [key_dim, value_dim] fp32.
template <class T, int kKeyTiles>
struct StateFragments {
  static constexpr int kSteps = 4 * kKeyTiles;
  float s[32 * kKeyTiles];
  std::uint32_t a[kSteps][4];

  __device__ void round() {
#pragma unroll
    for (int i = 0; i < kSteps; ++i) round_step<T>(a[i], s, i);
  }
  __device__ void scale(float factor) {
#pragma unroll
    for (float& value : s) value *= factor;
  }

  // To `tiles` in shared memory, a row a value column, and from there to global memory. By a
  // warpgroup, whose own barrier has this number.
  __device__ void keep(unsigned char* tiles, T* to, std::uint32_t barrier) const {
    const bool is_first = threadIdx.x % 128 == 0;
    if (is_first) bulk_wait_group_read<0>();
    named_barrier_sync(barrier, 128);  // the last chunk's tiles are read
    const int chunk = FragmentPlace().row_chunk();
#pragma unroll
    for (int i = 0; i < kSteps; ++i)
      stmatrix(tiles + i / 4 * kTileBytes + (chunk ^ i % 4 * 32), a[i]);
    fence_proxy_async_shared();
    named_barrier_sync(barrier, 128);  // the tiles are whole
    if (!is_first) return;
    bulk_store(to, tiles, kKeyTiles * kTileBytes);
    bulk_commit_group();
  }

  // `states` [segments, value_heads, key_dim, value_dim]; null: zeros.
  __device__ void load(const float* states, const BackwardTask& task,
                       const GatedDeltaRuleInputs& in, int own) {
    const float* const from = states ? states + first_element(task, in, own) : nullptr;
#pragma unroll
    for (int i = 0; i < 32 * kKeyTiles; ++i) s[i] = from ? from[offset(i, in)] : 0.0f;
  }
  __device__ void store(float* states, const BackwardTask& task, const GatedDeltaRuleInputs& in,
                        int own) const {
    float* const to = states + first_element(task, in, own);
#pragma unroll
    for (int i = 0; i < 32 * kKeyTiles; ++i) to[offset(i, in)] = s[i];
  }

 private:
  __device__ static std::int64_t first_element(const BackwardTask& task,
                                               const GatedDeltaRuleInputs& in, int own) {
    const FragmentPlace at;
    const std::int64_t state = std::int64_t{task.segment.segment} * in.value_heads + task.head;
    return (state * in.key_dim + at.column) * in.value_dim + task.column + own * 64 + at.row;
  }
  __device__ static std::int64_t offset(int i, const GatedDeltaRuleInputs& in) {
    return (i / 4 * 8 + i % 2) * std::int64_t{in.value_dim} + i / 2 % 2 * 8;
  }
};

// Waits for all products of the warpgroup.
template <int kRegisters>
__device__ inline void finish_products(float (&d)[kRegisters]) {
  wgmma_commit_group();
  wgmma_wait_group<0>();
  keep_in_order(d);
}

}  // namespace packproof::PACKPROOF_KERNELS
