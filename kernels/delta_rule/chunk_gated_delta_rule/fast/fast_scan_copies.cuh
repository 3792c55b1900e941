// The copying warps of a scan block: they run ahead of the others, over the ends of tasks too.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_memory.cuh"
#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"

namespace packproof::PACKPROOF_KERNELS {

// Tasks are read from shared memory each time: there are few registers here.
// Calls visit(task, chunk, stage) for all chunks of all tasks; by one lane.
template <class Memory, class Visit>
__device__ void for_each_chunk(Memory& memory, Visit visit) {
  ChunkStage stage;
  for (TaskWalk<Memory> walk(memory); !walk.is_over(); walk.template next</*kAlone=*/true>()) {
    const ScanTask& task = walk.task();
#pragma unroll 1
    for (std::int32_t chunk = 0; chunk < task.chunks(); ++chunk) {
      visit(task, chunk, stage);
      stage.advance();
    }
  }
}

// Once a stage is free: it will be full with `bytes`.
template <int kStages>
__device__ Mbarrier* begin_load(StageBarriers<kStages>& barriers, std::uint32_t stage,
                                std::uint32_t parity, std::uint32_t bytes) {
  mbarrier_wait(&barriers.free[stage], parity ^ 1);
  mbarrier_arrive_expect_tx(&barriers.full[stage], bytes);
  return &barriers.full[stage];
}

template <class T, int kKeyTiles, int kStates>
__device__ void load_keys(ScanMemory<kKeyTiles, kStates>& memory, const FastDeltaRule<T>& rule,
                          const TensorMap& k_map) {
  const std::int32_t heads = rule.in.value_heads, to_key_head = heads / rule.in.key_heads;
  for_each_chunk(memory, [&](const ScanTask& task, std::int32_t chunk, const ChunkStage& stage) {
    Mbarrier* const k_full =
        begin_load(memory.k_barriers, stage.key, stage.key_parity, kKeyTiles * kTileBytes);
    for (int tile = 0; tile < kKeyTiles; ++tile)
      tensor_load(memory.k[stage.key] + tile * kTileBytes, k_map, tile * 64,
                  task.head / to_key_head, task.first_token + chunk * kChunkTokens, k_full);
    Mbarrier* const factors_full = begin_load(memory.factor_barriers, stage.factor(),
                                              stage.factor_parity(), sizeof(ChunkFactors));
    const std::int64_t at = std::int64_t{task.first_chunk + chunk} * heads + task.head;
    bulk_load(&memory.factors[stage.factor()], &rule.factors[at], sizeof(ChunkFactors),
              factors_full);
  });
}

template <class T, int kKeyTiles, int kStates>
__device__ void load_others(ScanMemory<kKeyTiles, kStates>& memory, const FastDeltaRule<T>& rule,
                            const TensorMap& q_map, const TensorMap& v_map) {
  const std::int32_t heads = rule.in.value_heads, to_key_head = heads / rule.in.key_heads;
  for_each_chunk(memory, [&](const ScanTask& task, std::int32_t chunk, const ChunkStage& stage) {
    const std::uint32_t two = stage.two();
    const std::int32_t token = task.first_token + chunk * kChunkTokens;
    const std::int64_t at = std::int64_t{task.first_chunk + chunk} * heads + task.head;
    Mbarrier* const n_full = begin_load(memory.n_barriers, two, stage.parity(), kTileBytes);
    bulk_load(memory.n[two], rule.inverses + at * (kTileBytes / 2), kTileBytes, n_full);
    Mbarrier* const q_full =
        begin_load(memory.q_barriers, two, stage.parity(), kKeyTiles * kTileBytes);
    for (int tile = 0; tile < kKeyTiles; ++tile)
      tensor_load(memory.q[two] + tile * kTileBytes, q_map, tile * 64, task.head / to_key_head,
                  token, q_full);
    Mbarrier* const v_full =
        begin_load(memory.v_barriers, two, stage.parity(), kStates * kTileBytes);
    if (task.is_transition) {
      bulk_load(memory.v[two], rule.zeros, kStates * kTileBytes, v_full);
      return;
    }
    for (int wg = 0; wg < kStates; ++wg)
      tensor_load(memory.v[two] + wg * kTileBytes, v_map, task.column + wg * 64, task.head, token,
                  v_full);
  });
}

// Row by row, so that the next segment's are left alone. By a warp, which has few registers.
template <class T>
__device__ void store_rows(const unsigned char* tile, T* to, std::int32_t stride, int rows) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
#pragma unroll 1
  for (int row = lane / 8; row < rows; row += 4) {
    const auto from =
        swizzled_offset(static_cast<std::uint32_t>(row * 128 + lane % 8 * 16), Swizzle::k128Bytes);
    *reinterpret_cast<uint4*>(to + std::int64_t{row} * stride + lane % 8 * 8) =
        *reinterpret_cast<const uint4*>(tile + from);
  }
}

// 64 columns of O of one chunk. By a warp.
template <class T>
__device__ void store_output(const unsigned char* tile, const ScanTask& task, std::int32_t chunk,
                             std::int32_t column, const FastDeltaRule<T>& rule,
                             const TensorMap& o_map, T* o) {
  const std::int32_t token = task.first_token + chunk * kChunkTokens;
  const int tokens = task.tokens_of(chunk);
  if (tokens < kChunkTokens) {
    const std::int32_t stride = rule.in.value_heads * rule.in.value_dim;
    store_rows(tile, o + std::int64_t{token} * stride + task.head * rule.in.value_dim + column,
               stride, tokens);
  } else if (threadIdx.x % 32 == 0) {
    tensor_store(o_map, column, task.head, token, tile);
    bulk_commit_group();
    bulk_wait_group_read<0>();
  }
}

// O of a chunk comes one round late (fast_scan_state.cuh): the first round has none.
template <class T, int kKeyTiles, int kStates>
__device__ void store_outputs(ScanMemory<kKeyTiles, kStates>& memory, const FastDeltaRule<T>& rule,
                              const TensorMap& o_map, T* o, bool is_stored) {
  std::uint32_t parity = 0;
  for (int wg = 0; wg < kStates; ++wg) {
    mbarrier_wait(&memory.o_barriers.full[wg], 0);
    warp_arrive(&memory.o_barriers.free[wg]);
  }
  for (TaskWalk walk(memory); !walk.is_over(); walk.next()) {
#pragma unroll 1
    for (std::int32_t chunk = 0; chunk < walk.task().chunks(); ++chunk) {
      parity ^= 1;
#pragma unroll 1
      for (int wg = 0; wg < kStates; ++wg) {
        mbarrier_wait(&memory.o_barriers.full[wg], parity);
        const ScanTask& task = walk.task();
        if (is_stored)
          store_output(memory.o[wg], task, chunk, task.column + wg * 64, rule, o_map, o);
        warp_arrive(&memory.o_barriers.free[wg]);  // all lanes have read the tile
      }
    }
  }
  if (threadIdx.x % 32 == 0) bulk_wait_group<0>();
}

}  // namespace packproof::PACKPROOF_KERNELS
