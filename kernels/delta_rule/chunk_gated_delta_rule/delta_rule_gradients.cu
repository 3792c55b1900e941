// The gradients of q, k, v, g and beta of a chunk, from the states and their gradients on both of
// its sides. A block owns a chunk of one key head and takes its value heads one after the other, so
// that their gradients of q and k add up in a fixed order, without atomics.
//
// With P[i, j] = exp(G_i - G_j) for j <= i, X = dout written^T, and dS behind the chunk:
//   dq = scale (exp(G) dout S^T + (X P) k)
//   dk = scale (X P)^T q + exp(G_last - G) written dS^T            ... and through u and w:
//   dr = -dwritten S^T, dv' = inverse^T dwritten, dk' = inverse^T dr
//   dA = -inverse^T (dwritten (beta v)^T + dr (beta exp(G) k)^T) inverse^T, below the diagonal
#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_stages.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <class T>
struct GradientMemory {
  Tile<T> left, right, extra, inverse, scores;
  float matrix[kTile][kTile + 1];  // for sums over columns
  float row_sums[kTile], dbeta[kTile], ddecay[kTile], ends[kTile];
  float warp_sums[kTileThreads / 32];
  ChunkGates gates;
};

template <class T>
class ChunkGradients {
 public:
  __device__ ChunkGradients(const DeltaRuleStash<T>& stash, const GatedDeltaRuleBackwardParams& p,
                            GradientMemory<T>& memory, const DeltaRuleChunk& chunk,
                            std::int32_t key_head, std::int32_t head)
      : stash_(stash),
        p_(p),
        in_(stash.in),
        memory_(memory),
        chunk_(chunk),
        key_head_(key_head),
        head_(head),
        thread_(static_cast<int>(threadIdx.x)) {}

  __device__ void run(bool is_first) {
    load_gates(memory_.gates, stash_, chunk_, head_);
    const ChunkRows<const T> inverse(stash_.inverse, chunk_.first, in_.value_heads, kTile, head_);
    load_tile(memory_.inverse, inverse.first, inverse.stride, chunk_.tokens);
    if (thread_ < kTile)
      memory_.dbeta[thread_] = memory_.ddecay[thread_] = memory_.ends[thread_] = 0.0f;
    __syncthreads();  // gates, inverse and sums are there

    TileShare dinverse;
    clear(dinverse);
    through_values(dinverse);
    through_keys(dinverse, is_first);
    through_update(dinverse);
    write_gates();
  }

 private:
  __device__ void load(Tile<T>& tile, const T* tensor, std::int32_t heads, std::int32_t dim,
                       std::int32_t head, std::int32_t column) {
    const ChunkRows<const T> rows(tensor, chunk_.first, heads, dim, head, column);
    load_tile(tile, rows.first, rows.stride, chunk_.tokens);
  }
  __device__ void load_value_rows(Tile<T>& tile, const T* tensor, std::int32_t column) {
    load(tile, tensor, in_.value_heads, in_.value_dim, head_, column);
  }
  __device__ void load_key_rows(Tile<T>& tile, const T* tensor, std::int32_t column) {
    load(tile, tensor, in_.key_heads, in_.key_dim, key_head_, column);
  }
  __device__ void load_state(Tile<T>& tile, T* states, std::int32_t row, std::int32_t column) {
    const T* state = state_of_chunk(states, stash_, chunk_.index, head_);
    load_tile(tile, state + row * std::int64_t{in_.value_dim} + column, in_.value_dim, kTile);
  }

  // sums[row] += factor * row_sums[row]; every thread calls it.
  __device__ void add_row_sums(float* sums, float factor) {
    __syncthreads();  // the sums are whole
    if (thread_ < kTile) sums[thread_] += factor * memory_.row_sums[thread_];
    __syncthreads();  // all may write sums again
  }

  // ddecay[row] += the row's sum, ddecay[column] -= the column's.
  __device__ void add_pairs(TileShare& pairs) {
    sum_rows(pairs, memory_.row_sums, [](int, int, float value) { return value; });
    for_each_element(pairs, [&](int row, int c, float value) { memory_.matrix[row][c] = value; });
    add_row_sums(memory_.ddecay, 1.0f);
    if (thread_ < kTile) {
      float sum = 0.0f;
      for (int row = 0; row < kTile; ++row) sum += memory_.matrix[row][thread_];
      memory_.ddecay[thread_] -= sum;
    }
    __syncthreads();  // the matrix may be written again
  }

  // All that is a product over value_dim by itself: X, the part of v in dinverse, dv and dbeta.
  // Leaves scale X P in memory.scores, rounded.
  __device__ void through_values(TileShare& dinverse) {
    TileShare scores, x;
    clear(scores);
    clear(x);
    for (std::int32_t column = 0; column < in_.value_dim; column += kTile) {
      load_value_rows(memory_.left, static_cast<const T*>(p_.dout), column);
      load_value_rows(memory_.right, stash_.written, column);
      __syncthreads();  // the tiles are whole
      add_product<Held::asIs, Held::transposed>(x, memory_.left, memory_.right);
      __syncthreads();  // all have read them
      load_value_rows(memory_.left, stash_.dwritten, column);
      const ChunkRows<const T> v(static_cast<const T*>(in_.v), chunk_.first, in_.value_heads,
                                 in_.value_dim, head_, column);
      load_tile(memory_.right, v.first, v.stride, chunk_.tokens,
                [&](int row, float value) { return memory_.gates.beta[row] * value; });
      __syncthreads();  // the tiles are whole
      add_product<Held::asIs, Held::transposed>(dinverse, memory_.left, memory_.right);
      TileShare dvalues;
      clear(dvalues);
      add_product<Held::transposed, Held::asIs>(dvalues, memory_.inverse, memory_.left);
      sum_rows(dvalues, memory_.row_sums, [&](int row, int c, float value) {
        return row < chunk_.tokens ? value * to_float(v.first[row * v.stride + c]) : 0.0f;
      });
      for_each_element(dvalues,
                       [&](int row, int, float& value) { value *= memory_.gates.beta[row]; });
      const ChunkRows<T> dv(static_cast<T*>(p_.dv), chunk_.first, in_.value_heads, in_.value_dim,
                            head_, column);
      store_share(dv.first, dv.stride, chunk_.tokens, dvalues);
      add_row_sums(memory_.dbeta, 1.0f);
    }
    for (std::int32_t column = 0; column < in_.key_dim; column += kTile) {
      load_key_rows(memory_.left, stash_.q, column);
      load_key_rows(memory_.right, stash_.k, column);
      __syncthreads();  // the tiles are whole
      add_product<Held::asIs, Held::transposed>(scores, memory_.left, memory_.right);
      __syncthreads();  // all have read them
    }
    for_each_element(x, [&](int row, int c, float& value) {
      value *= stash_.scale * memory_.gates.between(row, c);
    });
    store_share(memory_.scores, x);
    // x holds P already: times q k^T it is X times the attention.
#pragma unroll
    for (int n = 0; n < kTile / 8; ++n) {
#pragma unroll
      for (int i = 0; i < 4; ++i) scores[n][i] *= x[n][i];
    }
    add_pairs(scores);
  }

  // All that is a product with the states, 64 columns of q and k at a time.
  __device__ void through_keys(TileShare& dinverse, bool is_first) {
    float along_states = 0.0f;  // this thread's share of the sum of S dS
    for (std::int32_t column = 0; column < in_.key_dim; column += kTile) {
      TileShare dread, dend, dreads;
      clear(dread);
      clear(dend);
      clear(dreads);
      for (std::int32_t at = 0; at < in_.value_dim; at += kTile) {
        load_state(memory_.right, stash_.states, column, at);
        load_value_rows(memory_.left, static_cast<const T*>(p_.dout), at);
        load_value_rows(memory_.extra, stash_.dwritten, at);
        __syncthreads();  // the tiles are whole
        add_product<Held::asIs, Held::transposed>(dread, memory_.left, memory_.right);
        add_product<Held::asIs, Held::transposed>(dreads, memory_.extra, memory_.right);
        __syncthreads();  // all have read dout and dwritten
        load_state(memory_.extra, stash_.dstates, column, at);
        load_value_rows(memory_.left, stash_.written, at);
        __syncthreads();  // the tiles are whole
        add_product<Held::asIs, Held::transposed>(dend, memory_.left, memory_.extra);
        for (int i = thread_; i < kTile * kTile; i += kTileThreads)
          along_states = fmaf(to_float(memory_.right.rows[i / kTile][i % kTile]),
                              to_float(memory_.extra.rows[i / kTile][i % kTile]), along_states);
        __syncthreads();  // all have read them
      }
      load_key_rows(memory_.left, stash_.k, column);
      load_key_rows(memory_.right, stash_.q, column);
      for_each_element(dread, [&](int row, int, float& value) {
        value *= stash_.scale * memory_.gates.from_start(row);
      });
      for_each_element(dend, [&](int row, int, float& value) {
        value *= row < chunk_.tokens ? memory_.gates.to_end(row) : 0.0f;
      });
      for_each_element(dreads, [](int, int, float& value) { value = -value; });
      store_share(memory_.extra, dreads);
      __syncthreads();  // k, q and dr are whole

      sum_rows(dread, memory_.row_sums, [&](int row, int c, float value) {
        return value * to_float(memory_.right.rows[row][c]);
      });
      add_row_sums(memory_.ddecay, 1.0f);
      sum_rows(dend, memory_.row_sums, [&](int row, int c, float value) {
        return value * to_float(memory_.left.rows[row][c]);
      });
      add_row_sums(memory_.ends, 1.0f);

      add_product<Held::asIs, Held::asIs>(dread, memory_.scores, memory_.left);
      add_key_gradient(stash_.dq, column, dread, is_first);
      add_product<Held::transposed, Held::asIs>(dend, memory_.scores, memory_.right);
      TileShare dkeys;
      clear(dkeys);
      add_product<Held::transposed, Held::asIs>(dkeys, memory_.inverse, memory_.extra);
      for_each_element(dkeys,
                       [&](int row, int, float& value) { value *= memory_.gates.from_start(row); });
      sum_rows(dkeys, memory_.row_sums, [&](int row, int c, float value) {
        return value * to_float(memory_.left.rows[row][c]);
      });
      add_row_sums(memory_.dbeta, 1.0f);
      if (thread_ < kTile)
        memory_.ddecay[thread_] += memory_.gates.beta[thread_] * memory_.row_sums[thread_];
#pragma unroll
      for (int n = 0; n < kTile / 8; ++n) {
#pragma unroll
        for (int i = 0; i < 4; ++i) {
          const int row = thread_ / 32 * 16 + thread_ % 32 / 4 + i / 2 * 8;
          dend[n][i] += memory_.gates.beta[row] * dkeys[n][i];
        }
      }
      add_key_gradient(stash_.dk, column, dend, is_first);

      __syncthreads();  // all have read q
      const ChunkRows<const T> k(stash_.k, chunk_.first, in_.key_heads, in_.key_dim, key_head_,
                                 column);
      load_tile(memory_.right, k.first, k.stride, chunk_.tokens, [&](int row, float value) {
        return memory_.gates.beta[row] * memory_.gates.from_start(row) * value;
      });
      __syncthreads();  // beta exp(G) k is whole
      add_product<Held::asIs, Held::transposed>(dinverse, memory_.extra, memory_.right);
      __syncthreads();  // all have read the tiles
    }
    add_ends(along_states);
  }

  // The last token's G carries the whole state, and what each token leaves at the end.
  __device__ void add_ends(float along_states) {
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
      along_states += __shfl_xor_sync(0xffffffffu, along_states, distance);
    if (thread_ % 32 == 0) memory_.warp_sums[thread_ / 32] = along_states;
    __syncthreads();  // the warps' sums are whole
    if (thread_ == 0) {
      float whole = 0.0f;
      for (const float sum : memory_.warp_sums) whole += sum;
      whole *= memory_.gates.from_start(kTile - 1);
      for (int row = 0; row < chunk_.tokens; ++row) {
        whole += memory_.ends[row];
        memory_.ddecay[row] -= memory_.ends[row];
      }
      memory_.ddecay[chunk_.tokens - 1] += whole;
    }
    __syncthreads();  // ddecay may be added to again
  }

  // dA, and through it k, beta and g.
  __device__ void through_update(TileShare& dinverse) {
    store_share(memory_.left, dinverse);
    __syncthreads();  // the gradient of the inverse is whole
    TileShare half, dupdate;
    clear(half);
    clear(dupdate);
    add_product<Held::asIs, Held::transposed>(half, memory_.left, memory_.inverse);
    store_share(memory_.right, half);
    __syncthreads();  // its product with inverse^T is whole
    add_product<Held::transposed, Held::asIs>(dupdate, memory_.inverse, memory_.right);
    // Without beta_i: what beta gets from k_i k_j.
    for_each_element(dupdate, [&](int row, int c, float& value) {
      value = c < row ? -value * memory_.gates.between(row, c) : 0.0f;
    });

    TileShare products;
    clear(products);
    for (std::int32_t column = 0; column < in_.key_dim; column += kTile) {
      __syncthreads();  // all have read the tile
      load_key_rows(memory_.left, stash_.k, column);
      __syncthreads();  // k is whole
      add_product<Held::asIs, Held::transposed>(products, memory_.left, memory_.left);
    }
#pragma unroll
    for (int n = 0; n < kTile / 8; ++n) {
#pragma unroll
      for (int i = 0; i < 4; ++i) products[n][i] *= dupdate[n][i];
    }
    sum_rows(products, memory_.row_sums, [](int, int, float value) { return value; });
    add_row_sums(memory_.dbeta, 1.0f);
    for_each_element(products,
                     [&](int row, int, float& value) { value *= memory_.gates.beta[row]; });
    add_pairs(products);
    for_each_element(dupdate,
                     [&](int row, int, float& value) { value *= memory_.gates.beta[row]; });
    store_share(memory_.scores, dupdate);
    for (std::int32_t column = 0; column < in_.key_dim; column += kTile) {
      __syncthreads();  // the pairs are whole, and all have read the tile
      load_key_rows(memory_.left, stash_.k, column);
      __syncthreads();  // k is whole
      TileShare dk;
      clear(dk);
      add_product<Held::asIs, Held::asIs>(dk, memory_.scores, memory_.left);
      add_product<Held::transposed, Held::asIs>(dk, memory_.scores, memory_.left);
      add_key_gradient(stash_.dk, column, dk, /*is_first=*/false);
    }
  }

  // Each thread always owns the same elements: no barrier.
  __device__ void add_key_gradient(float* sums, std::int32_t column, TileShare& share,
                                   bool is_first) {
    const ChunkRows<float> to(sums, chunk_.first, in_.key_heads, in_.key_dim, key_head_, column);
    for_each_element(share, [&](int row, int c, float value) {
      if (row >= chunk_.tokens) return;
      float& sum = to.first[row * to.stride + c];
      sum = is_first ? value : sum + value;
    });
  }

  // g enters the running sum of every later token of the chunk.
  __device__ void write_gates() {
    __syncthreads();  // all sums are whole
    if (thread_ != 0) return;
    float later = 0.0f;
    for (int row = chunk_.tokens - 1; row >= 0; --row) {
      const std::int64_t at = (chunk_.first + row) * in_.value_heads + head_;
      later += memory_.ddecay[row];
      p_.dg[at] = later;
      p_.dbeta[at] = memory_.dbeta[row];
    }
  }

  const DeltaRuleStash<T>& stash_;
  const GatedDeltaRuleBackwardParams& p_;
  const GatedDeltaRuleInputs& in_;
  GradientMemory<T>& memory_;
  const DeltaRuleChunk& chunk_;
  std::int32_t key_head_, head_;
  int thread_;
};

// Rounds the sums of dq or dk and, where q and k were normalised, goes through y = x / |x|. A warp
// a token.
template <class T>
__device__ void write_key_gradient(const DeltaRuleStash<T>& stash, const DeltaRuleChunk& chunk,
                                   std::int32_t key_head, const float* sums, const void* input,
                                   void* output) {
  const GatedDeltaRuleInputs& in = stash.in;
  const int lane = static_cast<int>(threadIdx.x) % 32;
  for (int row = static_cast<int>(threadIdx.x) / 32; row < chunk.tokens; row += kTileThreads / 32) {
    const std::int64_t at =
        ((chunk.first + row) * in.key_heads + key_head) * std::int64_t{in.key_dim};
    const T* x = static_cast<const T*>(input) + at;
    float inverse_norm = 1.0f, along = 0.0f;
    if (in.norm == KeyNorm::l2) {
      float squares = 0.0f;
      for (int d = lane; d < in.key_dim; d += 32) {
        squares = fmaf(to_float(x[d]), to_float(x[d]), squares);
        along = fmaf(to_float(x[d]), sums[at + d], along);
      }
      for (int distance = 16; distance > 0; distance /= 2) {
        squares += __shfl_xor_sync(0xffffffffu, squares, distance);
        along += __shfl_xor_sync(0xffffffffu, along, distance);
      }
      inverse_norm = 1.0f / sqrtf(squares + kNormEpsilon);
      along *= inverse_norm * inverse_norm;
    }
    for (int d = lane; d < in.key_dim; d += 32) {
      const float through = in.norm == KeyNorm::l2 ? along * to_float(x[d]) : 0.0f;
      static_cast<T*>(output)[at + d] = from_float<T>(inverse_norm * (sums[at + d] - through));
    }
  }
}

// Grid: (chunks, key heads).
template <class T>
__global__ void __launch_bounds__(kTileThreads)
    gradients_kernel(DeltaRuleStash<T> stash, GatedDeltaRuleBackwardParams p) {
  SIMT_DYN_SHARED(raw);
  auto& memory = *reinterpret_cast<GradientMemory<T>*>(raw);
  const DeltaRuleChunk chunk = chunk_of(stash, blockIdx.x);
  if (chunk.tokens == 0) return;
  const auto key_head = static_cast<std::int32_t>(blockIdx.y);
  const std::int32_t group = stash.in.value_heads / stash.in.key_heads;
  for (std::int32_t i = 0; i < group; ++i) {
    ChunkGradients<T>(stash, p, memory, chunk, key_head, key_head * group + i).run(i == 0);
    __syncthreads();  // the memory is free, and after the last head the sums are whole
  }
  write_key_gradient(stash, chunk, key_head, stash.dq, stash.in.q, p.dq);
  write_key_gradient(stash, chunk, key_head, stash.dk, stash.in.k, p.dk);
}

}  // namespace

template <class T>
void launch_gradients(const DeltaRuleStash<T>& stash, const GatedDeltaRuleBackwardParams& params,
                      Stream stream) {
  const dim3 grid(static_cast<unsigned>(stash.most_chunks),
                  static_cast<unsigned>(stash.in.key_heads));
  simt::launch(gradients_kernel<T>, grid, dim3(kTileThreads), sizeof(GradientMemory<T>), stream,
               stash, params);
}

#define PACKPROOF_INSTANTIATE(T)                                    \
  template void launch_gradients<T>(const DeltaRuleStash<T>& stash, \
                                    const GatedDeltaRuleBackwardParams& params, Stream stream);
PACKPROOF_FOR_EACH_DTYPE(PACKPROOF_INSTANTIATE)

}  // namespace packproof::PACKPROOF_KERNELS
