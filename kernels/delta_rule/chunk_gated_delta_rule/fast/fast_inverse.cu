// N = (1 + L)^-1 of each chunk and value head, and its ChunkFactors: what no state enters.
//
// A block has one chunk of two value heads that share a key head, and so K K^T. Of N, 16x16 blocks
// on the diagonal come from substitution in fp32, what is below them from
//   N21 = -N22 (L21 N11)
// for blocks of 16 and then of 32, by tensor cores in tf32; fp16, which holds as many bits as tf32,
// with operands in two parts. (FlashQLA's kernel keeps gates out of the inverse in the same way.)
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_delta_rule.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_merge.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_tiles.cuh"
#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/device/instructions/wgmma.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kInverseThreads = 128;
constexpr int kHeadsAtOnce = 2;
constexpr float kNormEpsilon = 1e-6f;
constexpr float kLog2E = 1.4426950408889634f;

template <int kKeyTiles>
struct InverseMemory {
  union {
    alignas(1024) unsigned char tiles[2 * kKeyTiles][kTileBytes];  // of K, then of Q
    FloatTile inverse[kHeadsAtOnce];  // once K K^T is made and Q is read
  };
  FloatTile products;  // k_i k_j; 0 beyond the chunk
  ChunkFactors factors[kHeadsAtOnce];
  float row_factor[kHeadsAtOnce][kChunkTokens];  // of K K^T in L: b / |k|^2
  float query_norm[kChunkTokens];                // 1 / |q|, where it is asked for
  float log_growth[kInverseThreads / 32];        // a warp's part of ChunkFactors' one
  Mbarrier loaded;
};

__device__ inline float inverse_norm(float squares) { return 1.0f / sqrtf(squares + kNormEpsilon); }

// 1 / |q| of each row, by two threads.
template <class T, int kKeyTiles>
__device__ void measure_queries(InverseMemory<kKeyTiles>& memory, int tokens) {
  const int row = static_cast<int>(threadIdx.x) / 2, half = static_cast<int>(threadIdx.x) % 2;
  float squares = 0.0f;
#pragma unroll
  for (int i = 0; i < 4 * kKeyTiles; ++i) {
    const int chunk = 4 * kKeyTiles * half + i;
    const unsigned char* tile = memory.tiles[kKeyTiles + chunk / 8];
    const uint4 words = *reinterpret_cast<const uint4*>(
        tile + swizzled_offset(static_cast<std::uint32_t>(row * 128 + chunk % 8 * 16),
                               Swizzle::k128Bytes));
    const std::uint32_t pairs[4] = {words.x, words.y, words.z, words.w};
#pragma unroll
    for (const std::uint32_t bits : pairs) {
      const float2 pair = unpack_pair<T>(bits);
      squares = fmaf(pair.x, pair.x, fmaf(pair.y, pair.y, squares));
    }
  }
  squares += __shfl_xor_sync(0xffffffffu, squares, 1);
  if (half == 0) memory.query_norm[row] = row < tokens ? inverse_norm(squares) : 1.0f;
}

// K K^T into `products`, and the norms of q.
template <class T, int kKeyTiles>
__device__ void multiply_keys(InverseMemory<kKeyTiles>& memory, const PlannedChunk& chunk,
                              KeyNorm norm) {
  float products[32];
  wgmma_fence();
#pragma unroll
  for (int step = 0; step < 4 * kKeyTiles; ++step) {
    const std::uint64_t rows = k_major(memory.tiles[0], step);
    wgmma<T>(products, rows, rows, step > 0);
  }
  wgmma_commit_group();
  if (norm == KeyNorm::l2) measure_queries<T>(memory, chunk.tokens);
  wgmma_wait_group<0>();
  keep_in_order(products);
  const FragmentPlace at;
#pragma unroll
  for (int i = 0; i < 32; i += 2) {
    const int row = at.row_of(i), column = at.column_of(i);
    const bool is_row = row < chunk.tokens;
    const float2 pair = {is_row && column < chunk.tokens ? products[i] : 0.0f,
                         is_row && column + 1 < chunk.tokens ? products[i + 1] : 0.0f};
    *reinterpret_cast<float2*>(&memory.products.at[row][column]) = pair;
  }
}

// g and beta of a thread's row of one of the two value heads; 64 threads a head.
struct RowGates {
  float g, beta;
};
template <class T>
__device__ RowGates load_gates(const FastDeltaRule<T>& rule, const PlannedChunk& chunk,
                               std::int32_t head) {
  const int row = static_cast<int>(threadIdx.x) % kChunkTokens;
  if (row >= chunk.tokens) return {0.0f, 0.0f};
  const std::int64_t at =
      static_cast<std::int64_t>(chunk.first_token + row) * rule.in.value_heads + head;
  return {rule.in.g[at], rule.in.beta[at]};
}

// Running sums of g, by one thread a head in order, so that neighbouring sums, whose differences
// matter most, differ by one rounding. Barriers stand before and behind.
__device__ inline void sum_gates(float (&sums)[kChunkTokens]) {
  float sum = 0.0f;
#pragma unroll 1
  for (int i = 0; i < kChunkTokens; i += 16) {
    float4 four[4];
#pragma unroll
    for (int j = 0; j < 4; ++j) four[j] = *reinterpret_cast<const float4*>(&sums[i + 4 * j]);
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      four[j].x = sum += four[j].x;
      four[j].y = sum += four[j].y;
      four[j].z = sum += four[j].z;
      four[j].w = sum += four[j].w;
      *reinterpret_cast<float4*>(&sums[i + 4 * j]) = four[j];
    }
  }
}

template <int kKeyTiles>
__device__ void make_sums(InverseMemory<kKeyTiles>& memory, const RowGates& gates) {
  const int row = static_cast<int>(threadIdx.x) % kChunkTokens;
  ChunkFactors& own = memory.factors[threadIdx.x / kChunkTokens];
  own.log_columns[row] = gates.g;
  own.beta[row] = gates.beta;
  __syncthreads();  // g is whole
  if (row == 0) sum_gates(own.log_columns);
}

// Behind make_sums and a barrier.
template <int kKeyTiles>
__device__ void make_factors(InverseMemory<kKeyTiles>& memory, float scale, KeyNorm norm) {
  const int row = static_cast<int>(threadIdx.x) % kChunkTokens;
  ChunkFactors& own = memory.factors[threadIdx.x / kChunkTokens];
  const float log_decay = own.log_columns[row] * kLog2E;
  const float end = own.log_columns[kChunkTokens - 1] * kLog2E;
  const float from_start = exp2f(log_decay);
  const bool is_normalized = norm == KeyNorm::l2;
  const float key_square = memory.products.at[row][row];
  const float key = is_normalized ? inverse_norm(key_square) : 1.0f;
  const float query = is_normalized ? scale * memory.query_norm[row] : scale;
  const float rate = own.beta[row] * key * key;
  memory.row_factor[threadIdx.x / kChunkTokens][row] = rate;
  // A token's 1 - b k k^T lengthens a vector by this at most.
  float growth = log2f(fmaxf(1.0f, fabsf(1.0f - rate * key_square)));
#pragma unroll
  for (int distance = 16; distance > 0; distance /= 2)
    growth += __shfl_xor_sync(0xffffffffu, growth, distance);
  const auto warp = threadIdx.x / 32;
  if (threadIdx.x % 32 == 0) memory.log_growth[warp] = growth;
  own.log_rows[row] = log_decay + log2f(query);
  own.retrieved_factor[row] = from_start * key;
  own.output_factor[row] = from_start * query;
  own.written_factor[row] = exp2f(end - log_decay) * key;
  if (row == 0) own.whole_decay = exp2f(end);
  __syncthreads();  // all have read the sums of g
  own.log_columns[row] = log_decay - log2f(key);
  if (row == 0) own.log_growth = end + memory.log_growth[warp] + memory.log_growth[warp + 1];
}

// A 16x16 block on the diagonal: a warp has one for both heads, a lane a column of it.
template <int kKeyTiles>
__device__ void invert_diagonal(InverseMemory<kKeyTiles>& memory) {
  const int lane = static_cast<int>(threadIdx.x) % 32, column = lane % 16;
  const int first = static_cast<int>(threadIdx.x) / 32 * 16;
  const float* factor = memory.row_factor[lane / 16] + first;
  float own[16], sums[16] = {};
#pragma unroll
  for (int m = 0; m < 16; ++m) {
    own[m] = (m == column ? 1.0f : 0.0f) - factor[m] * sums[m];
    // K K^T is symmetric: its row m is read instead of its column.
#pragma unroll
    for (int i = m / 4 * 4; i < 16; i += 4) {
      const float4 four =
          *reinterpret_cast<const float4*>(&memory.products.at[first + m][first + i]);
      sums[i] = fmaf(four.x, own[m], sums[i]);
      sums[i + 1] = fmaf(four.y, own[m], sums[i + 1]);
      sums[i + 2] = fmaf(four.z, own[m], sums[i + 2]);
      sums[i + 3] = fmaf(four.w, own[m], sums[i + 3]);
    }
  }
#pragma unroll
  for (int m = 0; m < 16; ++m) memory.inverse[lane / 16].at[first + m][first + column] = own[m];
}

// N of one head, rounded. Blocks of 16 above the diagonal were never written; the others are whole.
template <class T>
__device__ void store_inverse(const FloatTile& inverse, T* to) {
  const int thread = static_cast<int>(threadIdx.x), column = thread % 8 * 8;
#pragma unroll
  for (int i = 0; i < kChunkTokens; i += kInverseThreads / 8) {
    const int row = i + thread / 8;
    float4 first = make_float4(0.0f, 0.0f, 0.0f, 0.0f), second = first;
    if (column / 16 <= row / 16) {
      first = *reinterpret_cast<const float4*>(&inverse.at[row][column]);
      second = *reinterpret_cast<const float4*>(&inverse.at[row][column + 4]);
    }
    const auto at =
        swizzled_offset(static_cast<std::uint32_t>(row * 128 + column * 2), Swizzle::k128Bytes);
    *reinterpret_cast<uint4*>(to + at / 2) =
        make_uint4(pack_pair<T>(first.x, first.y), pack_pair<T>(first.z, first.w),
                   pack_pair<T>(second.x, second.y), pack_pair<T>(second.z, second.w));
  }
}

template <class T, int kKeyTiles>
__device__ void load_tiles(InverseMemory<kKeyTiles>& memory, const PlannedChunk& chunk,
                           const TensorMap& q_map, const TensorMap& k_map, bool with_queries) {
  mbarrier_init(&memory.loaded, 1);
  mbarrier_init_fence();
  const int tiles = with_queries ? 2 * kKeyTiles : kKeyTiles;
  mbarrier_arrive_expect_tx(&memory.loaded, static_cast<std::uint32_t>(tiles * kTileBytes));
  for (int i = 0; i < tiles; ++i)
    tensor_load(memory.tiles[i], i < kKeyTiles ? k_map : q_map, i % kKeyTiles * 64,
                static_cast<int>(blockIdx.y), chunk.first_token, &memory.loaded);
}

// Grid: (chunks, key heads, pairs of value heads of a key head).
template <class T, int kKeyTiles>
__global__ void __launch_bounds__(kInverseThreads, 4)
    fast_inverse_kernel(FastDeltaRule<T> rule, const __grid_constant__ TensorMap q_map,
                        const __grid_constant__ TensorMap k_map) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<InverseMemory<kKeyTiles>*>(raw);
  const GatedDeltaRuleInputs& in = rule.in;
  const PlannedChunk chunk = rule.chunks[blockIdx.x];
  if (static_cast<std::int32_t>(blockIdx.x) >= rule.counts->chunks) return;
  if (threadIdx.x == 0) load_tiles<T>(memory, chunk, q_map, k_map, in.norm == KeyNorm::l2);
  const std::int32_t heads = in.value_heads / in.key_heads;  // of this key head
  const auto head = static_cast<std::int32_t>(blockIdx.z) * kHeadsAtOnce;
  const std::int32_t first_head = static_cast<std::int32_t>(blockIdx.y) * heads + head;
  // Of an odd number the last is made twice, and stored once.
  const std::int32_t own_heads = min(kHeadsAtOnce, heads - head);
  const auto half = static_cast<std::int32_t>(threadIdx.x) / kChunkTokens;
  make_sums(memory, load_gates(rule, chunk, first_head + min(half, own_heads - 1)));
  mbarrier_wait(&memory.loaded, 0);  // its init is behind a barrier of make_sums
  multiply_keys<T>(memory, chunk, in.norm);
  __syncthreads();  // K K^T, the norms and the sums of g are whole
  make_factors(memory, rule.scale, in.norm);
  __syncthreads();  // the row factors are whole
  invert_diagonal(memory);
  __syncthreads();  // blocks of 16 are whole
  const int warp = static_cast<int>(threadIdx.x) / 32;
  FloatTile& inverse = memory.inverse[warp / 2];
  const float* factor = memory.row_factor[warp / 2];
  merge<T, 16>(inverse, memory.products, factor, warp % 2 * 32, 0);
  __syncthreads();  // blocks of 32 are whole
  merge<T, 32>(inverse, memory.products, factor, 0, warp % 2 * 16);
  __syncthreads();  // N is whole
  for (std::int32_t which = 0; which < own_heads; ++which) {
    const std::int64_t to =
        static_cast<std::int64_t>(blockIdx.x) * in.value_heads + first_head + which;
    store_inverse(memory.inverse[which], rule.inverses + to * (kTileBytes / 2));
    const auto* from = reinterpret_cast<const uint4*>(&memory.factors[which]);
    for (unsigned i = threadIdx.x; i < sizeof(ChunkFactors) / 16; i += kInverseThreads)
      reinterpret_cast<uint4*>(&rule.factors[to])[i] = from[i];
  }
}

}  // namespace

template <class T>
void launch_fast_inverse(const FastDeltaRule<T>& rule, Stream stream) {
  const GatedDeltaRuleInputs& in = rule.in;
  if (in.total_tokens == 0) return;
  const std::int32_t heads = in.value_heads / in.key_heads;
  const dim3 grid(static_cast<unsigned>(rule.most_chunks), static_cast<unsigned>(in.key_heads),
                  static_cast<unsigned>((heads + kHeadsAtOnce - 1) / kHeadsAtOnce));
  const TensorMap q_map = key_map<T>(in, in.q), k_map = key_map<T>(in, in.k);
  for_key_tile_counts(in.key_dim, [&]<int kKeyTiles>() {
    simt::launch(fast_inverse_kernel<T, kKeyTiles>, grid, dim3(kInverseThreads),
                 sizeof(InverseMemory<kKeyTiles>), stream, rule, q_map, k_map);
  });
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_fast_inverse<T>(const FastDeltaRule<T>& rule, Stream stream);
PACKPROOF_FOR_EACH_FAST_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
