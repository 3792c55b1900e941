// The backward pass of chunk_gated_delta_rule for tensor cores of sm_90: bf16 and fp16, key_dim and
// value_dim 64 or 128. Letters as in fast_delta_rule.cuh; M_ij = exp(G_i - G_j) for j <= i, else 0.
//
// The scans go both ways over X and P alone. With dS' the gradient of the state behind a chunk:
//   dB = P^T dO + X dS'        dV = b dB
//   dS = exp(G_end) dS' + Q^T (s exp(G) dO) - K^T (exp(G) dV)
// so the reverse scan needs neither states nor outputs of the forward one. Then, chunk by chunk,
// with S before it and dS' behind it, tril strictly below the diagonal:
//   W' = V - exp(G) (K S)      V~ = b W' + tril(M N) (b W')         what is written
//   e = W' - tril(M K K^T) V~  (V~ = b e, but b may be 0)
//   Z = s M (dO V~^T)          H = -tril(M (dV V~^T))
//   dQ = s exp(G) (dO S^T) + Z K
//   dK = exp(G_end - G) (V~ dS'^T) - exp(G) (dV S^T) + Z^T Q + (H + H^T) K
//   dbeta_i = dB_i e_i
//   dG_i = q_i s exp(G_i) (dO S^T)_i - k_i exp(G_end - G_i) (V~ dS'^T)_i + dV_i (W' - V)_i
//          + row i less column i of Z (Q K^T) + H (K K^T), element by element
//   dG_end += exp(G_end) <S, dS'> + sum_i k_i exp(G_end - G_i) (V~ dS'^T)_i
// and dg sums dG from behind. Terms of a pair of tokens come and go in dG: in fp32, with V~ in two
// parts, they cancel to what plain arithmetic leaves; q_i dQ_i - k_i dK_i would not.
//
// Stages, a file each, behind plan and inverse of the forward pass:
//   normalize  q and k of length 1, where asked for, and 1 / |q|, 1 / |k|
//   products   X and P of each chunk and value head
//   states     the states before chunks
//   reverse    the gradients of states behind chunks, and dB
//   gradients  all that is returned
#pragma once

#include <cstdint>

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_delta_rule.cuh"
#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_tiles.cuh"

namespace packproof::PACKPROOF_KERNELS {

// What the stages share, in the workspace. Tiles are images of shared memory, swizzled.
template <class T>
struct FastBackward {
  FastDeltaRule<T> rule;  // of normalised q and k, without a norm: factors of rows are 1
  const T* raw_q;         // as given
  const T* raw_k;
  float* query_norms;  // [total_tokens, key_heads]: 1 / |q|; null: q and k are as given
  float* key_norms;
  T* x;        // [most_chunks, value_heads, key tiles]
  T* p;        // [most_chunks, value_heads]
  T* states;   // [most_chunks, value_heads, value tiles, key tiles]: S^T before the chunk
  T* dstates;  // the same: dS^T behind it
  T* dbs;      // [most_chunks, value_heads, value tiles]: dB, a row a token
};

constexpr std::int64_t kTileElements = kTileBytes / 2;

template <class T>
__device__ inline std::int64_t chunk_head(const FastBackward<T>& b, std::int64_t chunk,
                                          std::int32_t head) {
  return chunk * b.rule.in.value_heads + head;
}

// Zeroes the rows of a tile from `tokens` on: they are the next segment's. By 128 threads.
__device__ inline void clean_rows(unsigned char* tile, int tokens) {
  for (int i = tokens * 8 + static_cast<int>(threadIdx.x) % 128; i < kChunkTokens * 8; i += 128)
    *reinterpret_cast<uint4*>(tile + i * 16) = make_uint4(0, 0, 0, 0);
}

// exp of a difference of log decays, below the diagonal. Above it the factor is 0 elsewhere, and
// this may not be infinite.
__device__ inline float decay_between(float row, float column) {
  constexpr float kLargestPower = 126.0f;
  return exp2f(fminf(row - column, kLargestPower));
}

template <class T>
void launch_fast_normalize(const FastBackward<T>& b, Stream stream);
template <class T>
void launch_fast_products(const FastBackward<T>& b, Stream stream);
template <class T>
void launch_fast_states(const FastBackward<T>& b, Stream stream);
template <class T>
void launch_fast_reverse(const FastBackward<T>& b, const GatedDeltaRuleBackwardParams& params,
                         Stream stream);
template <class T>
void launch_fast_gradients(const FastBackward<T>& b, const GatedDeltaRuleBackwardParams& params,
                           Stream stream);

}  // namespace packproof::PACKPROOF_KERNELS
