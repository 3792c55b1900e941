// Backwards from chunk to chunk: the gradients of what is written and of the state. As in the scan
// a block owns 64 columns of the state of one run and value head.
#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_runs.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <class T>
struct LocalMemory {
  Tile<T> q, k;  // k becomes the scores, q the gradient of o
  ChunkGates gates;
};

// What `written` gets from o of its own chunk: scores^T dout. Grid: (chunks, value heads,
// value_dim / 64).
template <class T>
__global__ void __launch_bounds__(kTileThreads)
    local_kernel(DeltaRuleStash<T> stash, const T* dout) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<LocalMemory<T>*>(raw);
  const DeltaRuleChunk chunk = chunk_of(stash, blockIdx.x);
  if (chunk.tokens == 0) return;
  const GatedDeltaRuleInputs& in = stash.in;
  const auto head = static_cast<std::int32_t>(blockIdx.y);
  const std::int32_t key_head = key_head_of(stash, head);
  const auto column = static_cast<std::int32_t>(blockIdx.z) * kTile;

  load_gates(memory.gates, stash, chunk, head);
  TileShare scores, local;
  clear(scores);
  clear(local);
  for (std::int32_t at = 0; at < in.key_dim; at += kTile) {
    const ChunkRows<const T> q(stash.q, chunk.first, in.key_heads, in.key_dim, key_head, at);
    const ChunkRows<const T> k(stash.k, chunk.first, in.key_heads, in.key_dim, key_head, at);
    load_tile(memory.q, q.first, q.stride, chunk.tokens);
    load_tile(memory.k, k.first, k.stride, chunk.tokens);
    __syncthreads();  // the tiles, and in the first round the gates, are whole
    add_product<Held::asIs, Held::transposed>(scores, memory.q, memory.k);
    __syncthreads();  // all have read them
  }
  for_each_element(scores, [&](int row, int c, float& value) {
    value *= stash.scale * memory.gates.between(row, c);
  });
  store_share(memory.k, scores);
  const ChunkRows<const T> from(dout, chunk.first, in.value_heads, in.value_dim, head, column);
  load_tile(memory.q, from.first, from.stride, chunk.tokens);
  __syncthreads();  // scores and gradients are whole
  add_product<Held::transposed, Held::asIs>(local, memory.k, memory.q);
  const ChunkRows<float> to(stash.dwritten_local, chunk.first, in.value_heads, in.value_dim, head,
                            column);
  store_share(to.first, to.stride, chunk.tokens, local);
}

template <class T, int kKeyTiles>
struct ReverseMemory {
  Tile<T> state[kKeyTiles], operand, dwritten, dout;  // dwritten with its sign turned
  ChunkGates gates;
};

// The gradient of the state behind a run.
template <ScanFor kFor, class T, int kKeyTiles>
__device__ void load_dstate(TileShare (&state)[kKeyTiles], const DeltaRuleStash<T>& stash,
                            const DeltaRuleRun& run, const float* dfinal_state, std::int32_t head,
                            std::int32_t column) {
  const GatedDeltaRuleInputs& in = stash.in;
  const bool from_run = kFor == ScanFor::whole && !run.is_last;
  const bool is_given = from_run || (run.is_last && dfinal_state != nullptr);
  const StateColumns given =
      from_run ? state_columns(stash.run_dstates, run.slot(), in, head, in.value_dim, column)
               : state_columns(dfinal_state, run.segment, in, head, in.value_dim, column);
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    for_each_element(state[tile], [&](int row, int c, float& value) {
      value = is_given ? given.at(tile * kTile + row, c) : 0.0f;
    });
  }
}

// Grid: (runs * value heads, value_dim / 64). kKeyTiles = key_dim / 64.
template <class T, int kKeyTiles, ScanFor kFor>
__global__ void __launch_bounds__(kTileThreads, /*blocks a multiprocessor:*/ 1)
    reverse_scan_kernel(DeltaRuleStash<T> stash, GatedDeltaRuleBackwardParams p) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ReverseMemory<T, kKeyTiles>*>(raw);
  const GatedDeltaRuleInputs& in = stash.in;
  const auto heads = static_cast<unsigned>(in.value_heads);
  const auto head = static_cast<std::int32_t>(blockIdx.x % heads);
  const std::int32_t key_head = key_head_of(stash, head);
  const auto column = static_cast<std::int32_t>(blockIdx.y) * kTile;
  // Found twice: kept over the loop it would cost registers that are short.
  const auto find_run = [&] {
    return kFor == ScanFor::whole ? run_of_block(stash, blockIdx.x / heads)
                                  : run_behind_slot(stash, blockIdx.x / heads);
  };

  TileShare state[kKeyTiles];
  ChunkRange chunks;
  {
    const DeltaRuleRun run = find_run();
    if (run.segment < 0) return;
    load_dstate<kFor>(state, stash, run, p.dfinal_state, head, column);
    chunks = chunks_of(stash, run);
  }
  // Counted apart from the index, which the compiler then need not keep for the loop's end.
  for (std::int32_t left = chunks.end - chunks.first; left > 0; --left) {
    const std::int32_t index = --chunks.end;
    const DeltaRuleChunk chunk = chunk_of(stash, index);
    load_gates(memory.gates, stash, chunk, head);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      store_share(memory.state[tile], state[tile]);
      if constexpr (kFor == ScanFor::whole) {
        T* kept = state_of_chunk(stash.dstates, stash, index, head) + column;
        store_share(kept + tile * kTile * std::int64_t{in.value_dim}, in.value_dim, kTile,
                    state[tile]);
      }
    }
    const ChunkRows<const T> dout(static_cast<const T*>(p.dout), chunk.first, in.value_heads,
                                  in.value_dim, head, column);
    load_tile(memory.dout, dout.first, dout.stride, chunk.tokens);

    TileShare dwritten;
    clear(dwritten);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      const ChunkRows<const T> k(stash.k, chunk.first, in.key_heads, in.key_dim, key_head,
                                 tile * kTile);
      load_tile(memory.operand, k.first, k.stride, chunk.tokens);
      __syncthreads();  // k, and in the first round all else, are whole
      add_product<Held::asIs, Held::asIs>(dwritten, memory.operand, memory.state[tile]);
      __syncthreads();  // all have read k
    }
    const ChunkRows<const float> local(stash.dwritten_local, chunk.first, in.value_heads,
                                       in.value_dim, head, column);
    const ChunkRows<T> to(stash.dwritten, chunk.first, in.value_heads, in.value_dim, head, column);
    for_each_element(dwritten, [&](int row, int c, float value) {
      float sum = 0.0f;
      if (row < chunk.tokens) {
        sum = local.first[row * local.stride + c] + memory.gates.to_end(row) * value;
        if constexpr (kFor == ScanFor::whole) to.first[row * to.stride + c] = from_float<T>(sum);
      }
      memory.dwritten.rows[row][c] = from_float<T>(-sum);
    });

    const float whole = memory.gates.from_start(kTile - 1);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      for_each_element(state[tile], [&](int, int, float& value) { value *= whole; });
      const ChunkRows<const T> q(stash.q, chunk.first, in.key_heads, in.key_dim, key_head,
                                 tile * kTile);
      load_tile(memory.operand, q.first, q.stride, chunk.tokens, [&](int row, float value) {
        return stash.scale * memory.gates.from_start(row) * value;
      });
      __syncthreads();  // q, and in the first round what is written, are whole
      add_product<Held::transposed, Held::asIs>(state[tile], memory.operand, memory.dout);
      __syncthreads();  // all have read q
      const ChunkRows<const T> w(stash.w, chunk.first, in.value_heads, in.key_dim, head,
                                 tile * kTile);
      load_tile(memory.operand, w.first, w.stride, chunk.tokens);
      __syncthreads();  // w is whole
      add_product<Held::transposed, Held::asIs>(state[tile], memory.operand, memory.dwritten);
      __syncthreads();  // all have read w, and in the last round all else
    }
  }

  const DeltaRuleRun run = find_run();
  if (kFor == ScanFor::whole && (!p.dinitial_state || !run.is_first)) return;
  const StateColumns before =
      kFor == ScanFor::whole
          ? state_columns(p.dinitial_state, run.segment, in, head, in.value_dim, column)
          : state_columns(stash.run_dstates, run.slot_before(), in, head, in.value_dim, column);
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    for_each_element(state[tile], [&](int row, int c, float value) {
      before.at(tile * kTile + row, c) = value;
    });
  }
}

template <ScanFor kFor, class T>
void launch(const DeltaRuleStash<T>& stash, std::int64_t runs,
            const GatedDeltaRuleBackwardParams& params, Stream stream) {
  const dim3 grid(static_cast<unsigned>(runs * stash.in.value_heads),
                  static_cast<unsigned>(stash.in.value_dim / kTile));
  for_key_tiles(stash.in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(reverse_scan_kernel<T, kKeyTiles, kFor>, grid, dim3(kTileThreads),
                 sizeof(ReverseMemory<T, kKeyTiles>), stream, stash, params);
  });
}

}  // namespace

template <class T>
void launch_local(const DeltaRuleStash<T>& stash, const void* dout, Stream stream) {
  const dim3 grid(static_cast<unsigned>(stash.most_chunks),
                  static_cast<unsigned>(stash.in.value_heads),
                  static_cast<unsigned>(stash.in.value_dim / kTile));
  simt::launch(local_kernel<T>, grid, dim3(kTileThreads), sizeof(LocalMemory<T>), stream, stash,
               static_cast<const T*>(dout));
}

template <class T>
void launch_reverse_scan(const DeltaRuleStash<T>& stash, const GatedDeltaRuleBackwardParams& params,
                         Stream stream) {
  if (stash.run_slots > 0) {
    launch<ScanFor::carry>(stash, stash.run_slots, params, stream);
    launch_reverse_combine(stash, stream);
  }
  launch<ScanFor::whole>(stash, stash.run_slots + stash.in.segments, params, stream);
}

#define PACKPROOF_INSTANTIATE(T)                                                                  \
  template void launch_local<T>(const DeltaRuleStash<T>& stash, const void* dout, Stream stream); \
  template void launch_reverse_scan<T>(const DeltaRuleStash<T>& stash,                            \
                                       const GatedDeltaRuleBackwardParams& params, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
