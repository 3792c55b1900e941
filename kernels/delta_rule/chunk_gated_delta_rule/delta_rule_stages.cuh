// The stages of chunk_gated_delta_rule and what they hand on, in 64-token chunks that start at
// segment starts (WY representation, arXiv 2412.06464, section 3.3). With G the running sum of g in
// a chunk, A[i, j] = beta_i exp(G_i - G_j) k_i k_j below the diagonal, and S the state before it:
//   prepare       inverse = (1 + A)^-1, u = inverse (beta v), w = inverse (beta exp(G) k)
//   scan          over the chunks of a segment: written = u - w S,
//                 S <- exp(G_last) S + k^T (exp(G_last - G) written)
//   output        o = scale (exp(G) q S + (q k^T exp(G_i - G_j)) written)
// and backward, after prepare and scan:
//   local         what written gets from o of its own chunk
//   reverse scan  the gradients of written and of S
//   gradients     of q, k, v, g, beta
// Forward only in fp32 or with key_dim 256: else fast_delta_rule.cuh. Backward always.
// A block works on one chunk (the scans: one segment, or one run of a long one) of one value head,
// and on 64 columns of the state where these are independent.
#pragma once

#include <cstdint>

#include "kernels/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_kernel.h"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/device/tiles/tile_product.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

constexpr float kNormEpsilon = 1e-6f;

// What the stages share, in the workspace. T is the dtype of q.
template <class T>
struct DeltaRuleStash {
  GatedDeltaRuleInputs in;
  float scale;                  // key_dim^-0.5
  std::int64_t most_chunks;     // no cu_seqlens of these tokens and segments has more
  std::int32_t* chunk_offsets;  // [segments + 1]
  std::int32_t* tile_sums;      // scratch of the scan of chunk_offsets
  const T* q;                   // [total_tokens, key_heads, key_dim], normalised if asked for
  const T* k;
  float* decay;  // [total_tokens, value_heads]: the running sum of g in its chunk
  T* inverse;    // [total_tokens, value_heads, 64]
  T* w;          // [total_tokens, value_heads, key_dim]
  T* u;          // [total_tokens, value_heads, value_dim]
  T* written;    // the same
  T* states;     // [most_chunks, value_heads, key_dim, value_dim]: before each chunk
  // Backward only.
  T* dstates;             // [most_chunks, value_heads, key_dim, value_dim]: behind each chunk
  T* dwritten;            // [total_tokens, value_heads, value_dim]
  float* dwritten_local;  // the same: through o of the same chunk
  float* dq;              // [total_tokens, key_heads, key_dim]: sums over value heads
  float* dk;
  // Long segments in runs, delta_rule_runs.cuh; by slots.
  std::int64_t run_slots;  // 0: every segment is one run
  float* transitions;      // [run_slots, value_heads, key_dim, key_dim]
  float* run_states;       // [run_slots, value_heads, key_dim, value_dim]: behind the run
  float* run_dstates;      // the same, backward only
};

// One chunk of one value head.
struct DeltaRuleChunk {
  std::int64_t index;  // among all chunks
  std::int64_t first;  // token
  int tokens;          // 1 to 64; 0: there is no such chunk
};

template <class T>
__device__ inline DeltaRuleChunk chunk_of(const DeltaRuleStash<T>& stash, std::int64_t index) {
  const std::int32_t segment = segment_of(stash.chunk_offsets, stash.in.segments, index);
  if (segment >= stash.in.segments) return {index, 0, 0};
  const std::int64_t first =
      stash.in.cu_seqlens[segment] + (index - stash.chunk_offsets[segment]) * kTile;
  const std::int64_t left = stash.in.cu_seqlens[segment + 1] - first;
  return {index, first, static_cast<int>(min(left, static_cast<std::int64_t>(kTile)))};
}

// Where the rows of a chunk begin in a tensor [total_tokens, heads, dim], and how far apart they
// are.
template <class T>
struct ChunkRows {
  T* first;
  std::int64_t stride;

  __device__ ChunkRows(T* tensor, std::int64_t first_token, std::int32_t heads, std::int32_t dim,
                       std::int32_t head, std::int32_t column = 0)
      : first(tensor + (first_token * heads + head) * dim + column),
        stride(static_cast<std::int64_t>(heads) * dim) {}
};

// decay and beta of a chunk's tokens. Behind its end the decay stays as it is and beta is 0.
struct ChunkGates {
  float decay[kTile];
  float beta[kTile];

  __device__ float from_start(int row) const { return expf(decay[row]); }
  __device__ float to_end(int row) const { return expf(decay[kTile - 1] - decay[row]); }
  // exp(G_row - G_column) for column <= row: later tokens see earlier ones.
  __device__ float between(int row, int column) const {
    return column <= row ? expf(decay[row] - decay[column]) : 0.0f;
  }
};

// All threads call it; a barrier must follow. From the running sums that the stage `prepare` made.
template <class T>
__device__ inline void load_gates(ChunkGates& gates, const DeltaRuleStash<T>& stash,
                                  const DeltaRuleChunk& chunk, std::int32_t head) {
  const int row = static_cast<int>(threadIdx.x);
  if (row >= kTile) return;
  const std::int64_t token = chunk.first + min(row, chunk.tokens - 1);
  gates.decay[row] = stash.decay[token * stash.in.value_heads + head];
  gates.beta[row] = row < chunk.tokens ? stash.in.beta[token * stash.in.value_heads + head] : 0.0f;
}

template <class T>
__device__ inline std::int32_t key_head_of(const DeltaRuleStash<T>& stash, std::int32_t head) {
  return head / (stash.in.value_heads / stash.in.key_heads);
}

// The state of `chunk` in `states` or `dstates`.
template <class T>
__device__ inline T* state_of_chunk(T* states, const DeltaRuleStash<T>& stash, std::int64_t chunk,
                                    std::int32_t head) {
  return states + (chunk * stash.in.value_heads + head) * stash.in.key_dim * stash.in.value_dim;
}

// Calls visit.template operator()<key_dim / 64>().
template <class Visit>
void for_key_tiles(std::int32_t key_dim, Visit visit) {
  switch (key_dim) {
    case 64:
      return visit.template operator()<1>();
    case 128:
      return visit.template operator()<2>();
    default:
      return visit.template operator()<4>();
  }
}

// Launches, each in a file of its own.
template <class T>
void launch_prepare(const DeltaRuleStash<T>& stash, Stream stream);
template <class T>
void launch_scan(const DeltaRuleStash<T>& stash, float* final_state, Stream stream);
template <class T>
void launch_combine(const DeltaRuleStash<T>& stash, Stream stream);
template <class T>
void launch_output(const DeltaRuleStash<T>& stash, void* o, Stream stream);
template <class T>
void launch_local(const DeltaRuleStash<T>& stash, const void* dout, Stream stream);
template <class T>
void launch_reverse_scan(const DeltaRuleStash<T>& stash, const GatedDeltaRuleBackwardParams& params,
                         Stream stream);
template <class T>
void launch_reverse_combine(const DeltaRuleStash<T>& stash, Stream stream);
template <class T>
void launch_gradients(const DeltaRuleStash<T>& stash, const GatedDeltaRuleBackwardParams& params,
                      Stream stream);

}  // namespace packproof::PACKPROOF_KERNELS

// In the file of a stage: its launch for every dtype.
#define PACKPROOF_FOR_EACH_DTYPE(instantiate) \
  instantiate(__nv_bfloat16) instantiate(__half) instantiate(float)
