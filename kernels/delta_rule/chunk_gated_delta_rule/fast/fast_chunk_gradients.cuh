// The gradients of one chunk of one key head, value head by value head: two warpgroups.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_gradients.cuh"

namespace packproof::PACKPROOF_KERNELS {

template <class T, int kKeyTiles, int kValueTiles>
class ChunkGradients {
 public:
  using Memory = GradientMemory<kKeyTiles, kValueTiles>;
  static constexpr int kKeySteps = 4 * kKeyTiles, kValueSteps = 4 * kValueTiles;

  __device__ ChunkGradients(Memory& memory, const FastBackward<T>& b,
                            const GatedDeltaRuleBackwardParams& p, const PlannedChunk& chunk)
      : m_(memory), b_(b), p_(p), chunk_(chunk) {
    own_ = __shfl_sync(0xffffffffu, static_cast<int>(threadIdx.x) / 128, 0);
#pragma unroll
    for (float& sum : sums_) sum = 0.0f;
  }

  // All threads call it; the head's tiles are there.
  __device__ void add_head(std::int32_t head) {
    if (own_ < kValueTiles) write_tokens();
    fence_proxy_async_shared();
    __syncthreads();  // V~, its rest, dV are whole
    float d[32];
    if (own_ == 0)
      pair_outputs(d);
    else
      pair_keys(d);
    fence_proxy_async_shared();
    __syncthreads();  // Z and H are whole
    if (own_ == 0)
      add_query_gradient();
    else
      add_key_gradient();
    sum_states();
    const std::int64_t row = std::int64_t{b_.rule.in.value_heads} * b_.rule.in.value_dim;
    for (int tile = 0; tile < kValueTiles; ++tile)
      copy_rows(m_.dv + tile * kTileBytes,
                static_cast<T*>(p_.dv) + chunk_.first_token * row +
                    std::int64_t{head} * b_.rule.in.value_dim + tile * 64,
                row, chunk_.tokens);
    __syncthreads();  // all sums are whole
    if (threadIdx.x == 0) write_gates(head);
    __syncthreads();  // the head's memory is free
  }

  // dq from the first warpgroup, dk from the second.
  __device__ void write_keys(std::int32_t key_head) {
    const GatedDeltaRuleInputs& in = b_.rule.in;
    unsigned char* const tiles = own_ == 0 ? m_.q : m_.k;
    through_norm(tiles, own_ == 0 ? b_.query_norms : b_.key_norms, key_head);
    __syncthreads();  // the rows are whole
    const std::int64_t row = std::int64_t{in.key_heads} * in.key_dim;
    const std::int64_t first = chunk_.first_token * row + std::int64_t{key_head} * in.key_dim;
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      copy_rows(m_.q + tile * kTileBytes, static_cast<T*>(p_.dq) + first + tile * 64, row,
                chunk_.tokens);
      copy_rows(m_.k + tile * kTileBytes, static_cast<T*>(p_.dk) + first + tile * 64, row,
                chunk_.tokens);
    }
  }

 private:
  __device__ std::uint32_t barrier() const { return static_cast<std::uint32_t>(1 + own_); }

  // K K^T or Q K^T.
  __device__ static void multiply_keys(float (&d)[32], const unsigned char* rows,
                                       const unsigned char* columns) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < kKeySteps; ++i) wgmma<T>(d, k_major(rows, i), k_major(columns, i), i > 0);
    finish_products(d);
  }

  // tril(M N) as operand A, strictly below the diagonal.
  __device__ void decay_inverse(std::uint32_t (&a)[4][4]) const {
    const FragmentPlace at;
#pragma unroll
    for (int step = 0; step < 4; ++step) {
      ldmatrix(a[step], m_.n + (at.row_chunk() ^ step * 32));
#pragma unroll
      for (int m = 0; m < 4; ++m) {
        const int row = at.row_of(2 * m), column = at.column_of(8 * step + 2 * m);
        const float log_row = m_.factors.log_columns[row];
        const float* columns = &m_.factors.log_columns[column];
        const float2 n = unpack_pair<T>(a[step][m]);
        a[step][m] =
            pack_pair<T>(column < row ? n.x * decay_between(log_row, columns[0]) : 0.0f,
                         column + 1 < row ? n.y * decay_between(log_row, columns[1]) : 0.0f);
      }
    }
  }

  // tril(M d) as operand A, strictly below the diagonal; times `sign`.
  __device__ void decay_strictly(std::uint32_t (&a)[4][4], float (&d)[32], float sign) const {
    const FragmentPlace at;
#pragma unroll
    for (int i = 0; i < 32; ++i) {
      const int row = at.row_of(i), column = at.column_of(i);
      const float decay =
          decay_between(m_.factors.log_columns[row], m_.factors.log_columns[column]);
      d[i] = column < row ? sign * decay * d[i] : 0.0f;
    }
#pragma unroll
    for (int step = 0; step < 4; ++step) round_step<T>(a[step], d, step);
  }

  // W', V~, e and dV of 64 columns, and what they give dbeta and dG.
  __device__ void write_tokens() {
    const FragmentPlace at;
    unsigned char* const written = m_.written + own_ * kTileBytes;
    unsigned char* const dv = m_.dv + own_ * kTileBytes;
    float e[32], v[32];
    multiply_keys_with_state(e);
    float retrieved[2] = {};
    for_each_of_tile<T>(dv, [&](int i, float db) {
      const int row = at.row_of(i);
      e[i] *= m_.factors.retrieved_factor[row];
      retrieved[i / 2 % 2] -= m_.factors.beta[row] * db * e[i];
    });
    store_rows(m_.retrieved[own_], at, retrieved);
    for_each_of_tile<T>(m_.v + own_ * kTileBytes, [&](int i, float value) {
      const int row = at.row_of(i);
      e[i] = row < chunk_.tokens ? value - e[i] : 0.0f;
      v[i] = m_.factors.beta[row] * e[i];
    });
    store_rounded<T>(written, v);
    std::uint32_t a[4][4];
    decay_inverse(a);
    fence_proxy_async_shared();
    named_barrier_sync(barrier(), 128);  // b W' is whole
    add_product(v, a, written);
    named_barrier_sync(barrier(), 128);  // all have read it
    store_rounded<T>(written, v);
#pragma unroll
    for (float& value : v) value -= rounded<T>(value);
    store_rounded<T>(m_.rest + own_ * kTileBytes, v);
    multiply_keys(v, m_.k, m_.k);
    decay_strictly(a, v, -1.0f);
    fence_proxy_async_shared();
    named_barrier_sync(barrier(), 128);  // V~ is whole
    add_product(e, a, written);
    float dbeta[2] = {};
    for_each_of_tile<T>(dv, [&](int i, float db) {
      dbeta[i / 2 % 2] = fmaf(db, e[i], dbeta[i / 2 % 2]);
      v[i] = m_.factors.beta[at.row_of(i)] * db;
    });
    store_rows(m_.dbeta[own_], at, dbeta);
    __syncwarp();  // the warp's rows of dB are read
    store_rounded<T>(dv, v);
  }

  // K S, of this warpgroup's columns.
  __device__ void multiply_keys_with_state(float (&d)[32]) {
    const unsigned char* const s = m_.s + own_ * kKeyTiles * kTileBytes;
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < kKeySteps; ++i) wgmma<T>(d, k_major(m_.k, i), k_major(s, i), i > 0);
    finish_products(d);
  }

  __device__ static void add_product(float (&d)[32], const std::uint32_t (&a)[4][4],
                                     const unsigned char* tile) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < 4; ++i) wgmma<T, Major::kMn>(d, a[i], mn_major(tile, i), true);
    finish_products(d);
  }

  // rows V~^T, with V~ in two parts.
  __device__ void multiply_written(float (&d)[32], const unsigned char* rows) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < kValueSteps; ++i) {
      wgmma<T>(d, k_major(rows, i), k_major(m_.written, i), i > 0);
      wgmma<T>(d, k_major(rows, i), k_major(m_.rest, i), true);
    }
    finish_products(d);
  }

  // Row and column sums of pairs times their products.
  __device__ void sum_pairs(const float (&pairs)[32], float (&products)[32]) {
    const FragmentPlace at;
    float rows[2] = {};
#pragma unroll
    for (int i = 0; i < 32; ++i) {
      products[i] *= pairs[i];
      rows[i / 2 % 2] += products[i];
    }
    store_rows(m_.decay_rows[own_], at, rows);
    store_columns(m_.decay_columns[own_], at, products);
  }

  __device__ void pair_outputs(float (&products)[32]) {
    const FragmentPlace at;
    float d[32];
    multiply_written(d, m_.dout);
    multiply_keys(products, m_.q, m_.k);
#pragma unroll
    for (int i = 0; i < 32; ++i) {
      const int row = at.row_of(i), column = at.column_of(i);
      const float decay = decay_between(m_.factors.log_rows[row], m_.factors.log_columns[column]);
      d[i] = column <= row ? decay * d[i] : 0.0f;
    }
    sum_pairs(d, products);
    store_rounded<T>(m_.z, d);
  }

  __device__ void pair_keys(float (&products)[32]) {
    float d[32];
    std::uint32_t a[4][4];
    multiply_written(d, m_.dv);
    multiply_keys(products, m_.k, m_.k);
    decay_strictly(a, d, -1.0f);
    sum_pairs(d, products);
    const int chunk = FragmentPlace().row_chunk();
#pragma unroll
    for (int step = 0; step < 4; ++step) stmatrix(m_.h + (chunk ^ step * 32), a[step]);
  }

  // rows times 64 columns of a state, kept as S^T.
  __device__ static void multiply_state(float (&d)[32], const unsigned char* rows,
                                        const unsigned char* state, int tile) {
    wgmma_fence();
#pragma unroll
    for (int i = 0; i < kValueSteps; ++i) {
      const unsigned char* const columns = state + (i / 4 * kKeyTiles + tile) * kTileBytes;
      wgmma<T, Major::kK, Major::kMn>(d, k_major(rows, i), mn_major(columns, i % 4), i > 0);
    }
    finish_products(d);
  }

  __device__ void add_query_gradient() {
    const FragmentPlace at;
    float reads[2] = {};
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      float d[32];
      multiply_state(d, m_.dout, m_.s, tile);
      for_each_of_tile<T>(m_.q + tile * kTileBytes, [&](int i, float query) {
        d[i] *= m_.factors.output_factor[at.row_of(i)];
        reads[i / 2 % 2] = fmaf(query, d[i], reads[i / 2 % 2]);
      });
      wgmma_fence();
#pragma unroll
      for (int i = 0; i < 4; ++i)
        wgmma<T, Major::kK, Major::kMn>(d, k_major(m_.z, i), mn_major(m_.k + tile * kTileBytes, i),
                                        true);
      finish_products(d);
      add_to_sums(d, tile);
    }
    sum_row(reads);
    if (at.lane % 4 != 0) return;
    m_.decay_rows[0][at.row] += reads[0];
    m_.decay_rows[0][at.row + 8] += reads[1];
  }

  __device__ void add_key_gradient() {
    const FragmentPlace at;
    float ends[2] = {};
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      const unsigned char* const k = m_.k + tile * kTileBytes;
      float d[32];
      multiply_state(d, m_.written, m_.ds, tile);
      for_each_of_tile<T>(k, [&](int i, float key) {
        d[i] *= m_.factors.written_factor[at.row_of(i)];
        ends[i / 2 % 2] = fmaf(key, d[i], ends[i / 2 % 2]);
      });
      add_to_sums(d, tile);
      multiply_state(d, m_.dv, m_.s, tile);
#pragma unroll
      for (int i = 0; i < 32; ++i) d[i] *= -m_.factors.retrieved_factor[at.row_of(i)];
      wgmma_fence();
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        wgmma<T, Major::kMn, Major::kMn>(d, mn_major(m_.z, i),
                                         mn_major(m_.q + tile * kTileBytes, i), true);
        wgmma<T, Major::kK, Major::kMn>(d, k_major(m_.h, i), mn_major(k, i), true);
        wgmma<T, Major::kMn, Major::kMn>(d, mn_major(m_.h, i), mn_major(k, i), true);
      }
      finish_products(d);
      add_to_sums(d, tile);
    }
    store_rows(m_.ends, at, ends);
  }

  __device__ void add_to_sums(const float (&d)[32], int tile) {
#pragma unroll
    for (int i = 0; i < 32; ++i) sums_[32 * tile + i] += d[i];
    keep_in_order(sums_);  // else d stays in its registers beside the next tile's
  }

  // <S, dS'>, by warps.
  __device__ void sum_states() {
    float sum = 0.0f;
    for (int i = static_cast<int>(threadIdx.x); i < kValueTiles * kKeyTiles * kTileBytes / 4;
         i += kGradientThreads) {
      const float2 s = unpack_pair<T>(reinterpret_cast<const std::uint32_t*>(m_.s)[i]);
      const float2 ds = unpack_pair<T>(reinterpret_cast<const std::uint32_t*>(m_.ds)[i]);
      sum = fmaf(s.x, ds.x, fmaf(s.y, ds.y, sum));
    }
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
      sum += __shfl_xor_sync(0xffffffffu, sum, distance);
    if (threadIdx.x % 32 == 0) m_.whole[threadIdx.x / 32] = sum;
  }

  // By one thread: g enters the running sum of every later token.
  __device__ void write_gates(std::int32_t head) {
    float later = 0.0f;
    for (const float sum : m_.whole) later += sum;
    later *= m_.factors.whole_decay;
    for (int i = 0; i < chunk_.tokens; ++i) later += m_.ends[i];
    for (int i = chunk_.tokens - 1; i >= 0; --i) {
      float own = m_.decay_rows[0][i] + m_.decay_rows[1][i] - m_.ends[i], dbeta = 0.0f;
      for (int warp = 0; warp < 4; ++warp)
        own -= m_.decay_columns[0][warp][i] + m_.decay_columns[1][warp][i];
      for (int tile = 0; tile < kValueTiles; ++tile) {
        own += m_.retrieved[tile][i];
        dbeta += m_.dbeta[tile][i];
      }
      later += own;
      const std::int64_t at = std::int64_t{chunk_.first_token + i} * b_.rule.in.value_heads + head;
      p_.dg[at] = later;
      p_.dbeta[at] = dbeta;
    }
  }

  // The sums, rounded, in place of the rows of q or k. y = x / |x| takes along what is along y.
  __device__ void through_norm(unsigned char* tiles, const float* norms, std::int32_t key_head) {
    const FragmentPlace at;
    float along[2] = {}, norm[2] = {1.0f, 1.0f};
    if (norms) {
#pragma unroll
      for (int tile = 0; tile < kKeyTiles; ++tile)
        for_each_of_tile<T>(tiles + tile * kTileBytes, [&](int i, float y) {
          along[i / 2 % 2] = fmaf(y, sums_[32 * tile + i], along[i / 2 % 2]);
        });
      sum_row(along);
      for (int half = 0; half < 2; ++half) {
        const int row = at.row + 8 * half;
        if (row < chunk_.tokens)
          norm[half] =
              norms[std::int64_t{chunk_.first_token + row} * b_.rule.in.key_heads + key_head];
      }
    }
#pragma unroll
    for (int tile = 0; tile < kKeyTiles; ++tile) {
      float d[32];
      for_each_of_tile<T>(tiles + tile * kTileBytes, [&](int i, float y) {
        d[i] = norm[i / 2 % 2] * (sums_[32 * tile + i] - along[i / 2 % 2] * y);
      });
      __syncwarp();  // the warp's rows are read
      store_rounded<T>(tiles + tile * kTileBytes, d);
    }
  }

  Memory& m_;
  const FastBackward<T>& b_;
  const GatedDeltaRuleBackwardParams& p_;
  const PlannedChunk& chunk_;
  int own_;
  float sums_[32 * kKeyTiles];  // of dq or dk, over value heads
};

}  // namespace packproof::PACKPROOF_KERNELS
