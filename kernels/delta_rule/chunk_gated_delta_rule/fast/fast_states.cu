// The states before chunks, of segments from their beginning on.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_states.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <int kKeyTiles, int kStates>
struct StatesMemory {
  struct Stage {
    unsigned char k[kKeyTiles * kTileBytes], x[kKeyTiles * kTileBytes], v[kStates * kTileBytes];
  };
  alignas(1024) Stage stages[2];
  unsigned char s[kStates][kKeyTiles * kTileBytes];
  ChunkFactors factors[2];
  Mbarrier loaded[2];
};

struct StatesMaps {
  TensorMap k, v;
};

// By one thread.
template <class T, int kKeyTiles, int kStates>
__device__ void load_chunk(StatesMemory<kKeyTiles, kStates>& memory, const FastBackward<T>& b,
                           const StatesMaps& maps, const BackwardTask& task, std::int32_t chunk) {
  auto& stage = memory.stages[chunk % 2];
  Mbarrier* const loaded = &memory.loaded[chunk % 2];
  const std::int32_t key_head = task.head / (b.rule.in.value_heads / b.rule.in.key_heads);
  const std::int64_t at = chunk_head(b, task.segment.first_chunk + chunk, task.head);
  mbarrier_arrive_expect_tx(loaded, sizeof stage + sizeof(ChunkFactors));
  for (int tile = 0; tile < kKeyTiles; ++tile)
    tensor_load(stage.k + tile * kTileBytes, maps.k, tile * 64, key_head, task.token_of(chunk),
                loaded);
  for (int tile = 0; tile < kStates; ++tile)
    tensor_load(stage.v + tile * kTileBytes, maps.v, task.column + tile * 64, task.head,
                task.token_of(chunk), loaded);
  bulk_load(stage.x, b.x + at * kKeyTiles * kTileElements, kKeyTiles * kTileBytes, loaded);
  bulk_load(&memory.factors[chunk % 2], &b.rule.factors[at], sizeof(ChunkFactors), loaded);
}

// W^T = (b (V - exp(G) U^T))^T, rounded. Where b is 0, V may be NaN: behind the segment's end.
template <class T>
__device__ void make_w(std::uint32_t (&w)[4][4], const float (&u)[32], const unsigned char* v,
                       const ChunkFactors& factors) {
  const FragmentPlace at;
#pragma unroll
  for (int i = 0; i < 4; ++i) ldmatrix_trans(w[i], v + at.column_chunk() + i * 2048);
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int column = at.column_of(2 * i);
    std::uint32_t& pair = w[i / 4][i % 4];
    const float2 value = unpack_pair<T>(pair);
    const float* decay = &factors.retrieved_factor[column];
    const float* beta = &factors.beta[column];
    const float first = beta[0] * (value.x - decay[0] * u[2 * i]);
    const float second = beta[1] * (value.y - decay[1] * u[2 * i + 1]);
    pair = pack_pair<T>(beta[0] == 0.0f ? 0.0f : first, beta[1] == 0.0f ? 0.0f : second);
  }
}

template <class T, int kKeyTiles, int kStates>
__global__ void __launch_bounds__(128 * kStates)
    fast_states_kernel(FastBackward<T> b, const __grid_constant__ StatesMaps maps) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<StatesMemory<kKeyTiles, kStates>*>(raw);
  const GatedDeltaRuleInputs& in = b.rule.in;
  const BackwardTask task = task_of_block(b, kStates * 64);
  if (task.segment.tokens == 0) return;
  const int own = __shfl_sync(0xffffffffu, static_cast<int>(threadIdx.x) / 128, 0);
  const std::int32_t chunks = task.chunks();
  if (threadIdx.x == 0) {
    for (Mbarrier& loaded : memory.loaded) mbarrier_init(&loaded, 1);
    mbarrier_init_fence();
    load_chunk(memory, b, maps, task, 0);
  }
  StateFragments<T, kKeyTiles> state;
  state.load(in.initial_state, task, in, own);
  __syncthreads();  // the barriers are there

#pragma unroll 1
  for (std::int32_t chunk = 0; chunk < chunks; ++chunk) {
    auto& stage = memory.stages[chunk % 2];
    if (threadIdx.x == 0 && chunk + 1 < chunks) load_chunk(memory, b, maps, task, chunk + 1);
    mbarrier_wait(&memory.loaded[chunk % 2], chunk / 2 & 1);
    const int tokens = task.tokens_of(chunk);
    if (tokens < kChunkTokens) {
      for (int tile = own; tile < kKeyTiles; tile += kStates)
        clean_rows(stage.k + tile * kTileBytes, tokens);
      fence_proxy_async_shared();
      __syncthreads();  // rows behind the segment's end are 0
    }
    const ChunkFactors& factors = memory.factors[chunk % 2];
    const std::int64_t at = chunk_head(b, task.segment.first_chunk + chunk, task.head);
    const std::int64_t tile = at * (in.value_dim / 64) + task.column / 64 + own;
    state.round();
    state.keep(memory.s[own], b.states + tile * kKeyTiles * kTileElements,
               static_cast<std::uint32_t>(1 + own));

    float u[32];
    std::uint32_t w[4][4];
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4 * kKeyTiles; ++i) wgmma<T>(u, state.a[i], k_major(stage.k, i), i > 0);
    finish_products(u);
    make_w<T>(w, u, stage.v + own * kTileBytes, factors);
    state.scale(factors.whole_decay);
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i) wgmma<T, Major::kMn>(state.s, w[i], mn_major(stage.x, i), true);
    finish_products(state.s);
    __syncthreads();  // all have read the stage
  }
  if (threadIdx.x % 128 == 0) bulk_wait_group<0>();
}

template <int kStates, class T>
void launch(const FastBackward<T>& b, Stream stream) {
  const GatedDeltaRuleInputs& in = b.rule.in;
  const dim3 grid(static_cast<unsigned>(in.segments * in.value_heads),
                  static_cast<unsigned>(in.value_dim / (64 * kStates)));
  const StatesMaps maps{key_map<T>(in, in.k), value_map<T>(in, in.v)};
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_states_kernel<T, kKeyTiles, kStates>, grid, dim3(128 * kStates),
                 sizeof(StatesMemory<kKeyTiles, kStates>), stream, b, maps);
  });
}

}  // namespace

template <class T>
void launch_fast_states(const FastBackward<T>& b, Stream stream) {
  if (b.rule.in.total_tokens == 0 || b.rule.in.segments == 0) return;
  if (b.rule.in.value_dim == 128)
    launch<2>(b, stream);
  else
    launch<1>(b, stream);
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_fast_states<T>(const FastBackward<T>& b, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
