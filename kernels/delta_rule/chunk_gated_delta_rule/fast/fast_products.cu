// X and P of each chunk and value head: what no state enters.
//
// A block has one chunk of one key head: Q K^T once, then its value heads one after the other.
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_backward.cuh"
#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/device/instructions/wgmma.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kProductThreads = 128;

template <int kKeyTiles>
struct ProductsMemory {
  alignas(1024) unsigned char q[kKeyTiles * kTileBytes];
  unsigned char k[kKeyTiles * kTileBytes];
  unsigned char n[kTileBytes];
  unsigned char x[kKeyTiles * kTileBytes];
  unsigned char p[kTileBytes];
  ChunkFactors factors;
  Mbarrier keys_loaded, n_loaded;
};

// tril(Q K^T), rounded, and what the rounding left.
struct Scores {
  std::uint32_t rounded[4][4], rest[4][4];
};

__device__ inline void finish(float (&d)[32]) {
  wgmma_commit_group();
  wgmma_wait_group<0>();
  keep_in_order(d);
}

__device__ inline void store_tile(unsigned char* tile, const std::uint32_t (&fragments)[4][4]) {
  const int chunk = FragmentPlace().row_chunk();
#pragma unroll
  for (int step = 0; step < 4; ++step) stmatrix(tile + (chunk ^ step * 32), fragments[step]);
}

template <class T, int kKeyTiles>
__device__ void make_scores(const ProductsMemory<kKeyTiles>& memory, Scores& scores) {
  float d[32];
  wgmma_fence();
#pragma unroll
  for (int i = 0; i < 4 * kKeyTiles; ++i)
    wgmma<T>(d, k_major(memory.q, i), k_major(memory.k, i), i > 0);
  finish(d);
  const FragmentPlace at;
#pragma unroll
  for (int i = 0; i < 32; ++i)
    if (at.column_of(i) > at.row_of(i)) d[i] = 0.0f;
#pragma unroll
  for (int step = 0; step < 4; ++step) {
    round_step<T>(scores.rounded[step], d, step);
#pragma unroll
    for (int m = 0; m < 4; ++m) {
      const float2 rounded = unpack_pair<T>(scores.rounded[step][m]);
      const int i = 8 * step + 2 * m;
      scores.rest[step][m] = pack_pair<T>(d[i] - rounded.x, d[i + 1] - rounded.y);
    }
  }
}

template <class T, int kKeyTiles>
__device__ void make_x(ProductsMemory<kKeyTiles>& memory, int tile) {
  float d[32];
  wgmma_fence();
#pragma unroll
  for (int i = 0; i < 4; ++i)
    wgmma<T, Major::kMn, Major::kMn>(d, mn_major(memory.n, i),
                                     mn_major(memory.k + tile * kTileBytes, i), i > 0);
  finish(d);
  const FragmentPlace at;
  std::uint32_t fragments[4][4];
#pragma unroll
  for (int i = 0; i < 32; ++i) d[i] *= memory.factors.written_factor[at.row_of(i)];
#pragma unroll
  for (int step = 0; step < 4; ++step) round_step<T>(fragments[step], d, step);
  store_tile(memory.x + tile * kTileBytes, fragments);
}

// N has 1 on its diagonal: there the rest of the scores counts whole.
template <class T, int kKeyTiles>
__device__ void make_p(ProductsMemory<kKeyTiles>& memory, const Scores& scores) {
  float d[32];
  wgmma_fence();
#pragma unroll
  for (int i = 0; i < 4; ++i)
    wgmma<T, Major::kMn>(d, scores.rounded[i], mn_major(memory.n, i), i > 0);
  finish(d);
  const FragmentPlace at;
  std::uint32_t fragments[4][4];
#pragma unroll
  for (int step = 0; step < 4; ++step) {
#pragma unroll
    for (int m = 0; m < 4; ++m) {
      const float2 rest = unpack_pair<T>(scores.rest[step][m]);
      const int i = 8 * step + 2 * m;
      const float row = memory.factors.log_rows[at.row_of(i)];
      const float* columns = &memory.factors.log_columns[at.column_of(i)];
      d[i] = (d[i] + rest.x) * decay_between(row, columns[0]);
      d[i + 1] = (d[i + 1] + rest.y) * decay_between(row, columns[1]);
    }
    round_step<T>(fragments[step], d, step);
  }
  store_tile(memory.p, fragments);
}

// Grid: (chunks, key heads).
template <class T, int kKeyTiles>
__global__ void __launch_bounds__(kProductThreads)
    fast_products_kernel(FastBackward<T> b, const __grid_constant__ TensorMap q_map,
                         const __grid_constant__ TensorMap k_map) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<ProductsMemory<kKeyTiles>*>(raw);
  const FastDeltaRule<T>& rule = b.rule;
  if (static_cast<std::int32_t>(blockIdx.x) >= rule.counts->chunks) return;
  const PlannedChunk chunk = rule.chunks[blockIdx.x];
  const bool is_first = threadIdx.x == 0;
  const auto key_head = static_cast<std::int32_t>(blockIdx.y);
  if (is_first) {
    mbarrier_init(&memory.keys_loaded, 1);
    mbarrier_init(&memory.n_loaded, 1);
    mbarrier_init_fence();
    mbarrier_arrive_expect_tx(&memory.keys_loaded, 2 * kKeyTiles * kTileBytes);
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      tensor_load(memory.q + tile * kTileBytes, q_map, tile * 64, key_head, chunk.first_token,
                  &memory.keys_loaded);
      tensor_load(memory.k + tile * kTileBytes, k_map, tile * 64, key_head, chunk.first_token,
                  &memory.keys_loaded);
    }
  }
  __syncthreads();  // the barriers are there
  mbarrier_wait(&memory.keys_loaded, 0);
  if (chunk.tokens < kChunkTokens) {
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      clean_rows(memory.q + tile * kTileBytes, chunk.tokens);
      clean_rows(memory.k + tile * kTileBytes, chunk.tokens);
    }
    fence_proxy_async_shared();
    __syncthreads();  // rows behind the chunk's end are 0
  }
  Scores scores;
  make_scores<T>(memory, scores);

  const std::int32_t heads = rule.in.value_heads / rule.in.key_heads;
  for (std::int32_t i = 0; i < heads; ++i) {
    const std::int64_t at = chunk_head(b, blockIdx.x, key_head * heads + i);
    if (is_first) {
      mbarrier_arrive_expect_tx(&memory.n_loaded, kTileBytes + sizeof(ChunkFactors));
      bulk_load(memory.n, rule.inverses + at * kTileElements, kTileBytes, &memory.n_loaded);
      bulk_load(&memory.factors, &rule.factors[at], sizeof(ChunkFactors), &memory.n_loaded);
      bulk_wait_group_read<0>();
    }
    __syncthreads();  // the last head's X and P are on their way
    mbarrier_wait(&memory.n_loaded, i & 1);
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) make_x<T>(memory, tile);
    make_p<T>(memory, scores);
    fence_proxy_async_shared();
    __syncthreads();  // X and P are whole, and all have read N
    if (is_first) {
      bulk_store(b.x + at * kKeyTiles * kTileElements, memory.x, kKeyTiles * kTileBytes);
      bulk_store(b.p + at * kTileElements, memory.p, kTileBytes);
      bulk_commit_group();
    }
  }
  if (is_first) bulk_wait_group<0>();
}

}  // namespace

template <class T>
void launch_fast_products(const FastBackward<T>& b, Stream stream) {
  const GatedDeltaRuleInputs& in = b.rule.in;
  if (in.total_tokens == 0) return;
  const dim3 grid(static_cast<unsigned>(b.rule.most_chunks), static_cast<unsigned>(in.key_heads));
  const TensorMap q_map = key_map<T>(in, in.q), k_map = key_map<T>(in, in.k);
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_products_kernel<T, kKeyTiles>, grid, dim3(kProductThreads),
                 sizeof(ProductsMemory<kKeyTiles>), stream, b, q_map, k_map);
  });
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_fast_products<T>(const FastBackward<T>& b, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
