// The path of chunk_gated_delta_rule for tensor cores of sm_90: bf16 and fp16, key_dim 64 or 128.
//
// In 64-token chunks that start at segment starts. In a chunk, G is the running sum of g, b beta,
// S [key_dim, value_dim] the state before it, s = key_dim^-1/2, and rows i, j those of q, k, v, o:
//   L_ij = b_i k_i k_j for j < i, else 0         N = (1 + L)^-1
//   X = diag(exp(G_end - G)) N^T K               [64, key_dim]
//   P_ij = s exp(G_i - G_j) (tril(Q K^T) N)_ij   for j <= i, else 0
// and then the state enters, with two products from one chunk to the next:
//   W = b (V - exp(G) (K S))
//   S <- exp(G_end) S + X^T W                    O = s exp(G) (Q S) + P W
// No gate enters the inverse: that of the gated matrix is N_ij exp(G_i - G_j), so strong gates
// scale finished numbers. Nor do norms of q and k, where asked for: with raw q and k, and b / |k|^2
// for b in L, the inverse is N_ij |k_j| / |k_i|, and what is left are factors of rows and columns.
// (|k|^2 is the diagonal of K K^T.)
//
// Stages, a file each:
//   plan     where chunks begin; the pieces, long ones first; zeros in slack
//   inverse  N and ChunkFactors of each chunk and value head
//   scan     all else: X and P beside the states
// A long segment is scanned in pieces, all at once. The state behind a piece is linear in that
// before it. So a first pass of the scan finds what each piece but the last of a segment brings
// along from nothing (`carried`) and what becomes of the identity (`transitions`), and
//   combine  makes of these the states behind the pieces, from the first to the last
// What is split depends on a segment's length and the heads alone: it has the same bits in any
// company.
// Behind the last token of a chunk b is 0, G stays, and rows of K count as 0 (they are the next
// segment's, NaN perhaps): W and X are 0 there.
#pragma once

#include <cstdint>

#include "kernels/delta_rule/chunk_gated_delta_rule/chunk_gated_delta_rule_kernel.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

constexpr int kChunkTokens = 64;
// 64 rows of 64 elements of 16 bits, 128-byte swizzle: what tensor copies, stmatrix and wgmma
// share.
constexpr int kTileBytes = kChunkTokens * 128;

// Of one chunk and value head. fp32.
struct alignas(16) ChunkFactors {
  float log_rows[kChunkTokens];          // of P, as a power of 2: G, times s / |q|
  float log_columns[kChunkTokens];       // of P: exp(-G) / |k|; the power is log_rows - log_columns
  float retrieved_factor[kChunkTokens];  // of K S in W: exp(G) / |k|
  float output_factor[kChunkTokens];     // of Q S in O: s exp(G) / |q|
  float written_factor[kChunkTokens];    // of rows of X: exp(G_end - G) / |k|
  float beta[kChunkTokens];
  float whole_decay;  // exp(G_end)
  float log_growth;   // a bound: no state grows by a larger power of 2 over the chunk
  float unused[2];
};

// 16 bytes each: read at once.
struct alignas(16) PlannedChunk {
  std::int32_t first_token;
  std::int32_t tokens;  // 1 to 64
  std::int32_t segment;
  std::int32_t unused;
};
struct alignas(16) PlannedPiece {
  std::int32_t first_token;
  std::int32_t tokens;  // 1 and more; of a slot, 0: it has no piece
  std::int32_t first_chunk;
  std::int32_t segment;
};
struct PlanCounts {
  std::int32_t chunks;
  std::int32_t pieces;
  std::int32_t next_task[2];  // of the first pass and of the scan, beyond those blocks begin with
};

// Instead of a number of faded chunks.
constexpr std::int32_t kSegmentBegin = -1;  // none, and no transition: the segment's first piece
constexpr std::int32_t kNoPiece = -2;

// What the stages share, in the workspace. T is the dtype of q.
template <class T>
struct FastDeltaRule {
  GatedDeltaRuleInputs in;
  float scale;               // key_dim^-0.5
  std::int64_t most_chunks;  // no cu_seqlens of these tokens and segments has more
  PlanCounts* counts;
  std::int32_t* chunk_offsets;  // [segments]
  PlannedChunk* chunks;         // [most_chunks]
  PlannedPiece* pieces;         // [in.segments + slots], long ones first
  T* inverses;                  // [most_chunks, value_heads]: N as tiles, zeros above the diagonal
  ChunkFactors* factors;        // [most_chunks, value_heads]
  // Pieces with another behind them, by first_token / piece_tokens: no two share a slot, as each
  // has piece_tokens tokens.
  std::int64_t piece_tokens;
  std::int64_t slots;
  PlannedPiece* slot_pieces;  // [slots]
  float* carried;             // [slots, value_heads, key_dim, value_dim]: then behind the piece
  float* transitions;         // [slots, value_heads, key_dim, key_dim]
  std::int32_t* faded;        // [slots, value_heads]: chunks at the beginning that leave nothing
                              // behind the piece; kSegmentBegin, kNoPiece
  T* zeros;                   // two tiles
};

// 0: no segment of these tokens is split.
inline std::int64_t slots_of(std::int64_t total_tokens, std::int64_t piece_tokens) {
  return total_tokens == 0 ? 0 : (total_tokens - 1) / piece_tokens;
}
// With more heads there is enough to do at once, and the first pass is work on top.
inline std::int64_t piece_tokens_of(const GatedDeltaRuleInputs& in) {
  constexpr std::int64_t kLeast = 2048;
  return max(kLeast, std::int64_t{2} * kChunkTokens * in.value_heads * (in.value_dim / 64));
}

// o and final_state (or null) of the whole forward pass.
struct DeltaRuleOutputs {
  void* o;
  float* final_state;
};

// Beside the plan: zeroes the slack of o, and copies the states of empty segments.
template <class T>
void launch_fast_plan(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream);
template <class T>
void launch_fast_inverse(const FastDeltaRule<T>& rule, Stream stream);
// With slots: fade, then the first pass, then combine.
template <class T>
void launch_fast_fade(const FastDeltaRule<T>& rule, Stream stream);
template <class T>
void launch_fast_first_pass(const FastDeltaRule<T>& rule, Stream stream);
template <class T>
void launch_fast_combine(const FastDeltaRule<T>& rule, Stream stream);
template <class T>
void launch_fast_scan(const FastDeltaRule<T>& rule, const DeltaRuleOutputs& out, Stream stream);

}  // namespace packproof::PACKPROOF_KERNELS

// In the file of a stage: its launch for every dtype.
#define PACKPROOF_FOR_EACH_FAST_DTYPE(instantiate) instantiate(__nv_bfloat16) instantiate(__half)
