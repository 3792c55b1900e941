// The gradients of the states behind chunks, of segments from their end back, and dB.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_states.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <int kKeyTiles, int kStates>
struct ReverseMemory {
  struct Stage {
    unsigned char k[kKeyTiles * kTileBytes], q[kKeyTiles * kTileBytes], x[kKeyTiles * kTileBytes];
    unsigned char p[kTileBytes], dout[kStates * kTileBytes];
  };
  alignas(1024) Stage stages[2];
  unsigned char s[kStates][kKeyTiles * kTileBytes];
  unsigned char db[kStates][kTileBytes];
  ChunkFactors factors[2];
  Mbarrier loaded[2];
};

struct ReverseMaps {
  TensorMap q, k, dout;
};

// By one thread.
template <class T, int kKeyTiles, int kStates>
__device__ void load_chunk(ReverseMemory<kKeyTiles, kStates>& memory, const FastBackward<T>& b,
                           const ReverseMaps& maps, const BackwardTask& task, std::int32_t chunk) {
  auto& stage = memory.stages[chunk % 2];
  Mbarrier* const loaded = &memory.loaded[chunk % 2];
  const std::int32_t key_head = task.head / (b.rule.in.value_heads / b.rule.in.key_heads);
  const std::int64_t at = chunk_head(b, task.segment.first_chunk + chunk, task.head);
  mbarrier_arrive_expect_tx(loaded, sizeof stage + sizeof(ChunkFactors));
  for (int tile = 0; tile < kKeyTiles; ++tile) {
    tensor_load(stage.k + tile * kTileBytes, maps.k, tile * 64, key_head, task.token_of(chunk),
                loaded);
    tensor_load(stage.q + tile * kTileBytes, maps.q, tile * 64, key_head, task.token_of(chunk),
                loaded);
  }
  for (int tile = 0; tile < kStates; ++tile)
    tensor_load(stage.dout + tile * kTileBytes, maps.dout, task.column + tile * 64, task.head,
                task.token_of(chunk), loaded);
  bulk_load(stage.x, b.x + at * kKeyTiles * kTileElements, kKeyTiles * kTileBytes, loaded);
  bulk_load(stage.p, b.p + at * kTileElements, kTileBytes, loaded);
  bulk_load(&memory.factors[chunk % 2], &b.rule.factors[at], sizeof(ChunkFactors), loaded);
}

// (s exp(G) dO)^T and (-exp(G) b dB)^T, rounded.
template <class T>
__device__ void make_operands(std::uint32_t (&read)[4][4], std::uint32_t (&written)[4][4],
                              const float (&db)[32], const unsigned char* dout,
                              const ChunkFactors& factors) {
  const FragmentPlace at;
#pragma unroll
  for (int i = 0; i < 4; ++i) ldmatrix_trans(read[i], dout + at.column_chunk() + i * 2048);
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int column = at.column_of(2 * i);
    std::uint32_t& pair = read[i / 4][i % 4];
    const float2 value = unpack_pair<T>(pair);
    pair = pack_pair<T>(factors.output_factor[column] * value.x,
                        factors.output_factor[column + 1] * value.y);
    const float first = factors.retrieved_factor[column] * factors.beta[column];
    const float second = factors.retrieved_factor[column + 1] * factors.beta[column + 1];
    written[i / 4][i % 4] = pack_pair<T>(-first * db[2 * i], -second * db[2 * i + 1]);
  }
}

// dB to its tile, a row a token, and from there to global memory. By a warpgroup, in which all
// stores of the state's tiles are waited for first.
template <class T>
__device__ void keep_db(const float (&db)[32], unsigned char* tile, T* to, std::uint32_t barrier) {
  const int chunk = FragmentPlace().column_chunk();
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    std::uint32_t fragment[4];
    round_step<T>(fragment, db, i);
    stmatrix_trans(tile + chunk + i * 2048, fragment);
  }
  fence_proxy_async_shared();
  named_barrier_sync(barrier, 128);  // the tile is whole
  if (threadIdx.x % 128 != 0) return;
  bulk_store(to, tile, kTileBytes);
  bulk_commit_group();
}

template <class T, int kKeyTiles, int kStates>
__global__ void __launch_bounds__(128 * kStates)
    fast_reverse_kernel(FastBackward<T> b, GatedDeltaRuleBackwardParams p,
                        const __grid_constant__ ReverseMaps maps) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ReverseMemory<kKeyTiles, kStates>*>(raw);
  const GatedDeltaRuleInputs& in = b.rule.in;
  const BackwardTask task = task_of_block(b, kStates * 64);
  if (task.segment.tokens == 0) return;
  const int own = __shfl_sync(0xffffffffu, static_cast<int>(threadIdx.x) / 128, 0);
  const auto barrier = static_cast<std::uint32_t>(1 + own);
  const std::int32_t chunks = task.chunks();
  if (threadIdx.x == 0) {
    for (Mbarrier& loaded : memory.loaded) mbarrier_init(&loaded, 1);
    mbarrier_init_fence();
    load_chunk(memory, b, maps, task, chunks - 1);
  }
  StateFragments<T, kKeyTiles> state;
  state.load(p.dfinal_state, task, in, own);
  __syncthreads();  // the barriers are there

#pragma unroll 1
  for (std::int32_t chunk = chunks - 1; chunk >= 0; --chunk) {
    auto& stage = memory.stages[chunk % 2];
    if (threadIdx.x == 0 && chunk > 0) load_chunk(memory, b, maps, task, chunk - 1);
    mbarrier_wait(&memory.loaded[chunk % 2], (chunks - 1 - chunk) / 2 & 1);
    const int tokens = task.tokens_of(chunk);
    if (tokens < kChunkTokens) {
      for (int tile = own; tile < kKeyTiles; tile += kStates) {
        clean_rows(stage.k + tile * kTileBytes, tokens);
        clean_rows(stage.q + tile * kTileBytes, tokens);
      }
      clean_rows(stage.dout + own * kTileBytes, tokens);
      fence_proxy_async_shared();
      __syncthreads();  // rows behind the segment's end are 0
    }
    const ChunkFactors& factors = memory.factors[chunk % 2];
    const std::int64_t at = chunk_head(b, task.segment.first_chunk + chunk, task.head);
    const std::int64_t tile = at * (in.value_dim / 64) + task.column / 64 + own;
    const unsigned char* const dout = stage.dout + own * kTileBytes;
    state.round();
    state.keep(memory.s[own], b.dstates + tile * kKeyTiles * kTileElements, barrier);

    float db[32];
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i)
      wgmma<T, Major::kMn, Major::kMn>(db, mn_major(dout, i), mn_major(stage.p, i), i > 0);
#pragma unroll
    for (int i = 0; i < 4 * kKeyTiles; ++i) wgmma<T>(db, state.a[i], k_major(stage.x, i), true);
    finish_products(db);
    std::uint32_t read[4][4], written[4][4];
    make_operands<T>(read, written, db, dout, factors);
    keep_db(db, memory.db[own], b.dbs + tile * kTileElements, barrier);
    state.scale(factors.whole_decay);
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      wgmma<T, Major::kMn>(state.s, read[i], mn_major(stage.q, i), true);
      wgmma<T, Major::kMn>(state.s, written[i], mn_major(stage.k, i), true);
    }
    finish_products(state.s);
    __syncthreads();  // all have read the stage
  }
  if (p.dinitial_state) state.store(p.dinitial_state, task, in, own);
  if (threadIdx.x % 128 == 0) bulk_wait_group<0>();
}

template <int kStates, class T>
void launch(const FastBackward<T>& b, const GatedDeltaRuleBackwardParams& params, Stream stream) {
  const GatedDeltaRuleInputs& in = b.rule.in;
  const dim3 grid(static_cast<unsigned>(in.segments * in.value_heads),
                  static_cast<unsigned>(in.value_dim / (64 * kStates)));
  const ReverseMaps maps{key_map<T>(in, in.q), key_map<T>(in, in.k), value_map<T>(in, params.dout)};
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_reverse_kernel<T, kKeyTiles, kStates>, grid, dim3(128 * kStates),
                 sizeof(ReverseMemory<kKeyTiles, kStates>), stream, b, params, maps);
  });
}

}  // namespace

template <class T>
void launch_fast_reverse(const FastBackward<T>& b, const GatedDeltaRuleBackwardParams& params,
                         Stream stream) {
  if (b.rule.in.total_tokens == 0 || b.rule.in.segments == 0) return;
  if (b.rule.in.value_dim == 128)
    launch<2>(b, params, stream);
  else
    launch<1>(b, params, stream);
}

#define PACKPROOF_INSTANTIATE(T)                                 \
  template void launch_fast_reverse<T>(const FastBackward<T>& b, \
                                       const GatedDeltaRuleBackwardParams& params, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
