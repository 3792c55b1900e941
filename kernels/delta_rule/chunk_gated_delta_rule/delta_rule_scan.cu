// The state, from chunk to chunk. A block owns 64 columns of the state of one run and value head,
// in registers; the columns never meet.
#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_runs.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <class T, int kKeyTiles>
struct ScanMemory {
  Tile<T> state[kKeyTiles], operand, written;
  ChunkGates gates;
};

// The state before a run. transition: the columns of the identity.
template <ScanFor kFor, class T, int kKeyTiles>
__device__ void load_state(TileShare (&state)[kKeyTiles], const DeltaRuleStash<T>& stash,
                           const DeltaRuleRun& run, std::int32_t head, std::int32_t column) {
  const GatedDeltaRuleInputs& in = stash.in;
  const bool from_run = kFor == ScanFor::whole && !run.is_first;
  const bool is_given = from_run || (run.is_first && in.initial_state != nullptr);
  const StateColumns given =
      from_run ? state_columns(stash.run_states, run.slot_before(), in, head, in.value_dim, column)
               : state_columns(in.initial_state, run.segment, in, head, in.value_dim, column);
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    for_each_element(state[tile], [&](int row, int c, float& value) {
      if constexpr (kFor == ScanFor::transition)
        value = tile * kTile + row == column + c ? 1.0f : 0.0f;
      else
        value = is_given ? given.at(tile * kTile + row, c) : 0.0f;
    });
  }
}

// Grid: (runs * value heads, value_dim / 64; transition: key_dim / 64). kKeyTiles = key_dim / 64.
template <class T, int kKeyTiles, ScanFor kFor>
__global__ void __launch_bounds__(kTileThreads, /*blocks a multiprocessor:*/ 1)
    scan_kernel(DeltaRuleStash<T> stash, float* final_state) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ScanMemory<T, kKeyTiles>*>(raw);
  const GatedDeltaRuleInputs& in = stash.in;
  const auto heads = static_cast<unsigned>(in.value_heads);
  const auto head = static_cast<std::int32_t>(blockIdx.x % heads);
  const std::int32_t key_head = key_head_of(stash, head);
  const auto column = static_cast<std::int32_t>(blockIdx.y) * kTile;
  // Found twice: kept over the loop it would cost registers that are short.
  const auto find_run = [&] {
    return kFor == ScanFor::whole ? run_of_block(stash, blockIdx.x / heads)
                                  : run_of_slot(stash, blockIdx.x / heads);
  };

  TileShare state[kKeyTiles];
  ChunkRange chunks;
  {
    const DeltaRuleRun run = find_run();
    if (run.segment < 0) return;
    if (kFor == ScanFor::transition && run.is_first) return;  // what it carries is all
    load_state<kFor>(state, stash, run, head, column);
    chunks = chunks_of(stash, run);
  }
  for (std::int32_t index = chunks.first; index < chunks.end; ++index) {
    const DeltaRuleChunk chunk = chunk_of(stash, index);
    load_gates(memory.gates, stash, chunk, head);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      store_share(memory.state[tile], state[tile]);
      if constexpr (kFor == ScanFor::whole) {
        T* kept = state_of_chunk(stash.states, stash, index, head) + column;
        store_share(kept + tile * kTile * std::int64_t{in.value_dim}, in.value_dim, kTile,
                    state[tile]);
      }
    }

    TileShare retrieved;
    clear(retrieved);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      const ChunkRows<const T> w(stash.w, chunk.first, in.value_heads, in.key_dim, head,
                                 tile * kTile);
      load_tile(memory.operand, w.first, w.stride, chunk.tokens);
      __syncthreads();  // w, and in the first round the state and the gates, are whole
      add_product<Held::asIs, Held::asIs>(retrieved, memory.operand, memory.state[tile]);
      __syncthreads();  // all have read w
    }
    const ChunkRows<const T> u(stash.u, chunk.first, in.value_heads, in.value_dim, head, column);
    const ChunkRows<T> written(stash.written, chunk.first, in.value_heads, in.value_dim, head,
                               column);
    for_each_element(retrieved, [&](int row, int c, float value) {
      float left = 0.0f;
      if (row < chunk.tokens) {
        left = (kFor == ScanFor::transition ? 0.0f : to_float(u.first[row * u.stride + c])) - value;
        if constexpr (kFor == ScanFor::whole)
          written.first[row * written.stride + c] = from_float<T>(left);
        left *= memory.gates.to_end(row);
      }
      memory.written.rows[row][c] = from_float<T>(left);
    });
    const float whole = memory.gates.from_start(kTile - 1);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      const ChunkRows<const T> k(stash.k, chunk.first, in.key_heads, in.key_dim, key_head,
                                 tile * kTile);
      load_tile(memory.operand, k.first, k.stride, chunk.tokens);
      __syncthreads();  // k, and in the first round what is written, are whole
      for_each_element(state[tile], [&](int, int, float& value) { value *= whole; });
      add_product<Held::transposed, Held::asIs>(state[tile], memory.operand, memory.written);
      __syncthreads();  // all have read k, and in the last round all else
    }
  }

  const DeltaRuleRun run = find_run();
  if (kFor == ScanFor::whole && (!final_state || !run.is_last)) return;
  const StateColumns to =
      kFor == ScanFor::whole
          ? state_columns(final_state, run.segment, in, head, in.value_dim, column)
      : kFor == ScanFor::carry
          ? state_columns(stash.run_states, run.slot(), in, head, in.value_dim, column)
          : state_columns(stash.transitions, run.slot(), in, head, in.key_dim, column);
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    for_each_element(state[tile],
                     [&](int row, int c, float value) { to.at(tile * kTile + row, c) = value; });
  }
}

template <ScanFor kFor, class T>
void launch(const DeltaRuleStash<T>& stash, std::int64_t runs, std::int32_t columns,
            float* final_state, Stream stream) {
  const dim3 grid(static_cast<unsigned>(runs * stash.in.value_heads),
                  static_cast<unsigned>(columns / kTile));
  for_key_tiles(stash.in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(scan_kernel<T, kKeyTiles, kFor>, grid, dim3(kTileThreads),
                 sizeof(ScanMemory<T, kKeyTiles>), stream, stash, final_state);
  });
}

}  // namespace

template <class T>
void launch_scan(const DeltaRuleStash<T>& stash, float* final_state, Stream stream) {
  const GatedDeltaRuleInputs& in = stash.in;
  if (stash.run_slots > 0) {
    launch<ScanFor::carry>(stash, stash.run_slots, in.value_dim, nullptr, stream);
    launch<ScanFor::transition>(stash, stash.run_slots, in.key_dim, nullptr, stream);
    launch_combine(stash, stream);
  }
  launch<ScanFor::whole>(stash, stash.run_slots + in.segments, in.value_dim, final_state, stream);
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_scan<T>(const DeltaRuleStash<T>& stash, float* final_state, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
