// o of a chunk from the state before it and from what its tokens wrote; zeros in slack.
#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_stages.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <class T>
struct OutputMemory {
  Tile<T> q, k, right;  // k becomes the scores
  ChunkGates gates;
};

// Grid: (chunks, value heads, value_dim / 64).
template <class T>
__global__ void __launch_bounds__(kTileThreads) output_kernel(DeltaRuleStash<T> stash, T* o) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<OutputMemory<T>*>(raw);
  const DeltaRuleChunk chunk = chunk_of(stash, blockIdx.x);
  if (chunk.tokens == 0) return;
  const GatedDeltaRuleInputs& in = stash.in;
  const auto head = static_cast<std::int32_t>(blockIdx.y);
  const std::int32_t key_head = key_head_of(stash, head);
  const auto column = static_cast<std::int32_t>(blockIdx.z) * kTile;
  const T* state = state_of_chunk(stash.states, stash, chunk.index, head) + column;

  load_gates(memory.gates, stash, chunk, head);
  TileShare scores, out;
  clear(scores);
  clear(out);
  for (std::int32_t at = 0; at < in.key_dim; at += kTile) {
    const ChunkRows<const T> q(stash.q, chunk.first, in.key_heads, in.key_dim, key_head, at);
    const ChunkRows<const T> k(stash.k, chunk.first, in.key_heads, in.key_dim, key_head, at);
    load_tile(memory.q, q.first, q.stride, chunk.tokens);
    load_tile(memory.k, k.first, k.stride, chunk.tokens);
    load_tile(memory.right, state + at * std::int64_t{in.value_dim}, in.value_dim, kTile);
    __syncthreads();  // the tiles, and in the first round the gates, are whole
    add_product<Held::asIs, Held::transposed>(scores, memory.q, memory.k);
    add_product<Held::asIs, Held::asIs>(out, memory.q, memory.right);
    __syncthreads();  // all have read them
  }
  for_each_element(scores, [&](int row, int c, float& value) {
    value *= stash.scale * memory.gates.between(row, c);
  });
  for_each_element(out, [&](int row, int, float& value) {
    value *= stash.scale * memory.gates.from_start(row);
  });
  store_share(memory.k, scores);
  const ChunkRows<const T> written(stash.written, chunk.first, in.value_heads, in.value_dim, head,
                                   column);
  load_tile(memory.right, written.first, written.stride, chunk.tokens);
  __syncthreads();  // scores and values are whole
  add_product<Held::asIs, Held::asIs>(out, memory.k, memory.right);
  const ChunkRows<T> to(o, chunk.first, in.value_heads, in.value_dim, head, column);
  store_share(to.first, to.stride, chunk.tokens, out);
}

}  // namespace

template <class T>
void launch_output(const DeltaRuleStash<T>& stash, void* o, Stream stream) {
  const dim3 grid(static_cast<unsigned>(stash.most_chunks),
                  static_cast<unsigned>(stash.in.value_heads),
                  static_cast<unsigned>(stash.in.value_dim / kTile));
  simt::launch(output_kernel<T>, grid, dim3(kTileThreads), sizeof(OutputMemory<T>), stream, stash,
               static_cast<T*>(o));
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_output<T>(const DeltaRuleStash<T>& stash, void* o, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
