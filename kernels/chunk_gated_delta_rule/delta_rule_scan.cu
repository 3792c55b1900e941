// The state, from chunk to chunk. A block owns 64 columns of the state of one segment and value
// head, in registers; the columns never meet.
#include "kernels/chunk_gated_delta_rule/delta_rule_stages.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <class T, int kKeyTiles>
struct ScanMemory {
  Tile<T> state[kKeyTiles], operand, written;
  ChunkGates gates;
};

// Grid: (segments * value heads, value_dim / 64). kKeyTiles = key_dim / 64.
template <class T, int kKeyTiles>
__global__ void __launch_bounds__(kTileThreads, /*blocks a multiprocessor:*/ 1)
    scan_kernel(DeltaRuleStash<T> stash, float* final_state) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ScanMemory<T, kKeyTiles>*>(raw);
  const GatedDeltaRuleInputs& in = stash.in;
  const auto segment =
      static_cast<std::int32_t>(blockIdx.x / static_cast<unsigned>(in.value_heads));
  const auto head = static_cast<std::int32_t>(blockIdx.x % static_cast<unsigned>(in.value_heads));
  const std::int32_t key_head = key_head_of(stash, head);
  const auto column = static_cast<std::int32_t>(blockIdx.y) * kTile;

  TileShare state[kKeyTiles];
  const std::int64_t state_at =
      static_cast<std::int64_t>(blockIdx.x) * in.key_dim * in.value_dim + column;
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    for_each_element(state[tile], [&](int row, int c, float& value) {
      const std::int64_t at = state_at + (tile * kTile + row) * std::int64_t{in.value_dim} + c;
      value = in.initial_state ? in.initial_state[at] : 0.0f;
    });
  }

  const std::int32_t chunks_end = stash.chunk_offsets[segment + 1];
  for (std::int32_t index = stash.chunk_offsets[segment]; index < chunks_end; ++index) {
    const DeltaRuleChunk chunk = chunk_of(stash, index);
    load_gates(memory.gates, stash, chunk, head);
    T* kept = state_of_chunk(stash.states, stash, index, head) + column;
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      store_share(memory.state[tile], state[tile]);
      store_share(kept + tile * kTile * std::int64_t{in.value_dim}, in.value_dim, kTile,
                  state[tile]);
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
        left = to_float(u.first[row * u.stride + c]) - value;
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

  if (!final_state) return;
#pragma unroll
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    for_each_element(state[tile], [&](int row, int c, float value) {
      final_state[state_at + (tile * kTile + row) * std::int64_t{in.value_dim} + c] = value;
    });
  }
}

template <class T, int kKeyTiles>
void launch(const DeltaRuleStash<T>& stash, float* final_state, Stream stream) {
  const dim3 grid(static_cast<unsigned>(stash.in.segments * stash.in.value_heads),
                  static_cast<unsigned>(stash.in.value_dim / kTile));
  simt::launch(scan_kernel<T, kKeyTiles>, grid, dim3(kTileThreads),
               sizeof(ScanMemory<T, kKeyTiles>), stream, stash, final_state);
}

}  // namespace

template <class T>
void launch_scan(const DeltaRuleStash<T>& stash, float* final_state, Stream stream) {
  switch (stash.in.key_dim) {
    case 64:
      return launch<T, 1>(stash, final_state, stream);
    case 128:
      return launch<T, 2>(stash, final_state, stream);
    default:
      return launch<T, 4>(stash, final_state, stream);
  }
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_scan<T>(const DeltaRuleStash<T>& stash, float* final_state, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
