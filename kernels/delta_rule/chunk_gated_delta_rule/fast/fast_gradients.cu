// The gradients, chunk by chunk, from the states and their gradients on both sides: the formulas
// stand in fast_backward.cuh. A block has one chunk of one key head, and its value heads one after
// the other, so that their gradients of q and k add up in a fixed order, in registers: those of q
// in the first warpgroup, of k in the second. What a token writes is made by a warpgroup for each
// 64 columns of values.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_chunk_gradients.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

struct GradientMaps {
  TensorMap q, k, v, dout;
};

// By one thread.
template <class T, int kKeyTiles, int kValueTiles>
__device__ void load_head(GradientMemory<kKeyTiles, kValueTiles>& memory, const FastBackward<T>& b,
                          const GradientMaps& maps, const PlannedChunk& chunk, std::int32_t head) {
  constexpr std::uint32_t kStateBytes = kValueTiles * kKeyTiles * kTileBytes;
  constexpr std::uint32_t kBytes =
      2 * kStateBytes + (3 * kValueTiles + 1) * kTileBytes + sizeof(ChunkFactors);
  const std::int64_t at = chunk_head(b, blockIdx.x, head);
  const std::int64_t state = at * kValueTiles * kKeyTiles * kTileElements;
  Mbarrier* const loaded = &memory.head_loaded;
  mbarrier_arrive_expect_tx(loaded, kBytes);
  for (int tile = 0; tile < kValueTiles; ++tile) {
    tensor_load(memory.v + tile * kTileBytes, maps.v, tile * 64, head, chunk.first_token, loaded);
    tensor_load(memory.dout + tile * kTileBytes, maps.dout, tile * 64, head, chunk.first_token,
                loaded);
  }
  bulk_load(memory.dv, b.dbs + at * kValueTiles * kTileElements, kValueTiles * kTileBytes, loaded);
  bulk_load(memory.s, b.states + state, kStateBytes, loaded);
  bulk_load(memory.ds, b.dstates + state, kStateBytes, loaded);
  bulk_load(memory.n, b.rule.inverses + at * kTileElements, kTileBytes, loaded);
  bulk_load(&memory.factors, &b.rule.factors[at], sizeof(ChunkFactors), loaded);
}

// By one thread, with the barriers.
template <class T, int kKeyTiles, int kValueTiles>
__device__ void load_keys(GradientMemory<kKeyTiles, kValueTiles>& memory, const GradientMaps& maps,
                          const PlannedChunk& chunk, std::int32_t key_head) {
  mbarrier_init(&memory.keys_loaded, 1);
  mbarrier_init(&memory.head_loaded, 1);
  mbarrier_init_fence();
  mbarrier_arrive_expect_tx(&memory.keys_loaded, 2 * kKeyTiles * kTileBytes);
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    tensor_load(memory.q + tile * kTileBytes, maps.q, tile * 64, key_head, chunk.first_token,
                &memory.keys_loaded);
    tensor_load(memory.k + tile * kTileBytes, maps.k, tile * 64, key_head, chunk.first_token,
                &memory.keys_loaded);
  }
}

// Grid: (chunks, key heads).
template <class T, int kKeyTiles, int kValueTiles>
__global__ void __launch_bounds__(kGradientThreads, 1)
    fast_gradients_kernel(FastBackward<T> b, GatedDeltaRuleBackwardParams p,
                          const __grid_constant__ GradientMaps maps) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<GradientMemory<kKeyTiles, kValueTiles>*>(raw);
  if (static_cast<std::int32_t>(blockIdx.x) >= b.rule.counts->chunks) return;
  const PlannedChunk chunk = b.rule.chunks[blockIdx.x];
  const auto key_head = static_cast<std::int32_t>(blockIdx.y);
  const std::int32_t heads = b.rule.in.value_heads / b.rule.in.key_heads;
  const bool is_whole = chunk.tokens == kChunkTokens;
  if (threadIdx.x == 0) {
    load_keys<T>(memory, maps, chunk, key_head);
    load_head(memory, b, maps, chunk, key_head * heads);
  }
  __syncthreads();  // the barriers are there
  mbarrier_wait(&memory.keys_loaded, 0);
  const int half = static_cast<int>(threadIdx.x) / 128;
  if (!is_whole) {
    for (int tile = 0; tile < kKeyTiles; ++tile)
      clean_rows((half == 0 ? memory.q : memory.k) + tile * kTileBytes, chunk.tokens);
  }
  ChunkGradients<T, kKeyTiles, kValueTiles> gradients(memory, b, p, chunk);
  for (std::int32_t i = 0; i < heads; ++i) {
    if (threadIdx.x == 0 && i > 0) load_head(memory, b, maps, chunk, key_head * heads + i);
    mbarrier_wait(&memory.head_loaded, i & 1);
    if (!is_whole) {
      if (half < kValueTiles) clean_rows(memory.dout + half * kTileBytes, chunk.tokens);
      fence_proxy_async_shared();
      __syncthreads();  // rows behind the chunk's end are 0
    }
    gradients.add_head(key_head * heads + i);
  }
  gradients.write_keys(key_head);
}

}  // namespace

template <class T>
void launch_fast_gradients(const FastBackward<T>& b, const GatedDeltaRuleBackwardParams& params,
                           Stream stream) {
  const GatedDeltaRuleInputs& in = b.rule.in;
  if (in.total_tokens == 0) return;
  const dim3 grid(static_cast<unsigned>(b.rule.most_chunks), static_cast<unsigned>(in.key_heads));
  const GradientMaps maps{key_map<T>(in, in.q), key_map<T>(in, in.k), value_map<T>(in, in.v),
                          value_map<T>(in, params.dout)};
  const auto launch = [&]<int kKeyTiles, int kValueTiles>() {
    simt::launch(fast_gradients_kernel<T, kKeyTiles, kValueTiles>, grid, dim3(kGradientThreads),
                 sizeof(GradientMemory<kKeyTiles, kValueTiles>), stream, b, params, maps);
  };
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    if (in.value_dim == 64)
      launch.template operator()<kKeyTiles, 1>();
    else
      launch.template operator()<kKeyTiles, 2>();
  });
}

#define PACKPROOF_INSTANTIATE(T)          \
  template void launch_fast_gradients<T>( \
      const FastBackward<T>& b, const GatedDeltaRuleBackwardParams& params, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
