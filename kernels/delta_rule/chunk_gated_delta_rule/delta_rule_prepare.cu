// What each chunk needs that no state enters: running sums of gates, the inverse, u and w; and,
// where asked for, normalised q and k.
#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_stages.cuh"
#include "kernels/device/packed/chunk_offsets_scan.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kMatrixPitch = kTile + 1;  // columns of neighbouring rows lie in other banks

template <class T>
struct PrepareMemory {
  Tile<T> operand, inverse_tile;
  float update[kTile][kMatrixPitch];
  float inverse[kTile][kMatrixPitch];
  ChunkGates gates;
};

// The gates of the chunk and, by one thread, the running sum of g: in order, so that neighbouring
// sums, whose differences matter most, differ by one rounding. Behind the chunk's end it stays.
template <class T>
__device__ void sum_gates(PrepareMemory<T>& memory, const DeltaRuleStash<T>& stash,
                          const DeltaRuleChunk& chunk, std::int32_t head) {
  const int row = static_cast<int>(threadIdx.x);
  if (row < kTile) {
    const std::int64_t at = (chunk.first + row) * stash.in.value_heads + head;
    memory.gates.decay[row] = row < chunk.tokens ? stash.in.g[at] : 0.0f;
    memory.gates.beta[row] = row < chunk.tokens ? stash.in.beta[at] : 0.0f;
  }
  __syncthreads();  // g is whole
  if (row != 0) return;
  float sum = 0.0f;
  for (float& decay : memory.gates.decay) decay = sum += decay;
}

// (1 + update)^-1 by forward substitution, a column a thread.
template <class T>
__device__ void invert(PrepareMemory<T>& memory) {
  const int column = static_cast<int>(threadIdx.x);
  if (column >= kTile) return;
  for (int row = 0; row < column; ++row) memory.inverse[row][column] = 0.0f;
  memory.inverse[column][column] = 1.0f;
  for (int row = column + 1; row < kTile; ++row) {
    float sum = 0.0f;
    for (int j = column; j < row; ++j)
      sum = fmaf(memory.update[row][j], memory.inverse[j][column], sum);
    memory.inverse[row][column] = -sum;
  }
}

// Grid: (chunks, value heads).
template <class T>
__global__ void __launch_bounds__(kTileThreads) prepare_kernel(DeltaRuleStash<T> stash) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<PrepareMemory<T>*>(raw);
  const DeltaRuleChunk chunk = chunk_of(stash, blockIdx.x);
  if (chunk.tokens == 0) return;
  const auto head = static_cast<std::int32_t>(blockIdx.y);
  const std::int32_t key_head = key_head_of(stash, head);
  const GatedDeltaRuleInputs& in = stash.in;

  sum_gates(memory, stash, chunk, head);
  TileShare products;
  clear(products);
  for (std::int32_t column = 0; column < in.key_dim; column += kTile) {
    const ChunkRows<const T> k(stash.k, chunk.first, in.key_heads, in.key_dim, key_head, column);
    load_tile(memory.operand, k.first, k.stride, chunk.tokens);
    __syncthreads();  // the tile is whole, and in the first round so are the gates
    add_product<Held::asIs, Held::transposed>(products, memory.operand, memory.operand);
    __syncthreads();  // all have read it
  }
  const ChunkGates& gates = memory.gates;
  for_each_element(products, [&](int row, int column, float value) {
    memory.update[row][column] =
        column < row ? gates.beta[row] * gates.between(row, column) * value : 0.0f;
  });
  const int own_row = static_cast<int>(threadIdx.x);
  if (own_row < chunk.tokens)
    stash.decay[(chunk.first + own_row) * in.value_heads + head] = gates.decay[own_row];
  __syncthreads();  // the update is whole
  invert(memory);
  __syncthreads();  // the inverse is whole

  const ChunkRows<T> inverse(stash.inverse, chunk.first, in.value_heads, kTile, head);
  for (int i = static_cast<int>(threadIdx.x); i < kTile * kTile; i += kTileThreads) {
    const int row = i / kTile, column = i % kTile;
    const T rounded = from_float<T>(memory.inverse[row][column]);
    memory.inverse_tile.rows[row][column] = rounded;
    if (row < chunk.tokens) inverse.first[row * inverse.stride + column] = rounded;
  }
  for (std::int32_t column = 0; column < in.value_dim; column += kTile) {
    const ChunkRows<const T> v(static_cast<const T*>(in.v), chunk.first, in.value_heads,
                               in.value_dim, head, column);
    load_tile(memory.operand, v.first, v.stride, chunk.tokens,
              [&](int row, float value) { return gates.beta[row] * value; });
    __syncthreads();  // the operand, and in the first round the inverse's tile, are whole
    TileShare u;
    clear(u);
    add_product<Held::asIs, Held::asIs>(u, memory.inverse_tile, memory.operand);
    const ChunkRows<T> to(stash.u, chunk.first, in.value_heads, in.value_dim, head, column);
    store_share(to.first, to.stride, chunk.tokens, u);
    __syncthreads();  // all have read the operand
  }
  for (std::int32_t column = 0; column < in.key_dim; column += kTile) {
    const ChunkRows<const T> k(stash.k, chunk.first, in.key_heads, in.key_dim, key_head, column);
    load_tile(memory.operand, k.first, k.stride, chunk.tokens, [&](int row, float value) {
      return gates.beta[row] * gates.from_start(row) * value;
    });
    __syncthreads();  // the operand is whole
    TileShare w;
    clear(w);
    add_product<Held::asIs, Held::asIs>(w, memory.inverse_tile, memory.operand);
    const ChunkRows<T> to(stash.w, chunk.first, in.value_heads, in.key_dim, head, column);
    store_share(to.first, to.stride, chunk.tokens, w);
    __syncthreads();  // all have read the operand
  }
}

// A warp a row of q or k. Grid: rows / 4, blocks of four warps; y = 0 for q, 1 for k.
template <class T>
__global__ void __launch_bounds__(kTileThreads)
    normalize_kernel(GatedDeltaRuleInputs in, T* q_to, T* k_to) {
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * 4 + threadIdx.x / 32;
  if (row >= static_cast<std::int64_t>(in.cu_seqlens[in.segments]) * in.key_heads) return;
  const T* from = static_cast<const T*>(blockIdx.y == 0 ? in.q : in.k) + row * in.key_dim;
  T* to = (blockIdx.y == 0 ? q_to : k_to) + row * in.key_dim;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  float squares = 0.0f;
  for (int d = lane; d < in.key_dim; d += 32) {
    const float x = to_float(from[d]);
    squares = fmaf(x, x, squares);
  }
  for (int distance = 16; distance > 0; distance /= 2)
    squares += __shfl_xor_sync(0xffffffffu, squares, distance);
  const float inverse_norm = 1.0f / sqrtf(squares + kNormEpsilon);
  for (int d = lane; d < in.key_dim; d += 32)
    to[d] = from_float<T>(to_float(from[d]) * inverse_norm);
}

}  // namespace

template <class T>
void launch_prepare(const DeltaRuleStash<T>& stash, Stream stream) {
  const GatedDeltaRuleInputs& in = stash.in;
  scan_chunk_offsets({.cu_seqlens = in.cu_seqlens,
                      .segments = in.segments,
                      .chunk = kTile,
                      .tile_sums = stash.tile_sums,
                      .offsets = stash.chunk_offsets,
                      .total_chunks = nullptr},
                     stream);
  if (in.norm == KeyNorm::l2) {
    const std::int64_t rows = in.total_tokens * in.key_heads;
    simt::launch(normalize_kernel<T>, dim3(static_cast<unsigned>((rows + 3) / 4), 2),
                 dim3(kTileThreads), 0, stream, in, const_cast<T*>(stash.q),
                 const_cast<T*>(stash.k));
  }
  simt::launch(
      prepare_kernel<T>,
      dim3(static_cast<unsigned>(stash.most_chunks), static_cast<unsigned>(in.value_heads)),
      dim3(kTileThreads), sizeof(PrepareMemory<T>), stream, stash);
}

#define PACKPROOF_INSTANTIATE(T) \
  template void launch_prepare<T>(const DeltaRuleStash<T>& stash, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
