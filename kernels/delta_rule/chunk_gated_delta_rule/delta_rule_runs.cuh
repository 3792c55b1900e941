// Long segments in runs of 32 chunks, where there are too few heads for a block a segment and 64
// columns to fill the GPU. The state behind a run is linear in the state before it, so all runs are
// scanned at once from nothing (what they bring along: `carry`) and from the identity (what becomes
// of the state: `transition`); combine puts these together, run by run, and then the scans proper
// start from the right states, again all at once. The reverse scan does the same with the
// transitions transposed. What is split depends on a segment's length and on the heads alone: a
// segment gives the same bits in any company.
//
// A run with another behind it has a slot of its own, its first token / kRunTokens: it has
// kRunTokens tokens, so no two share one.
#pragma once

#include <cstdint>

#include "kernels/delta_rule/chunk_gated_delta_rule/delta_rule_stages.cuh"
#include "kernels/device/packed/segment_search.cuh"

namespace packproof::PACKPROOF_KERNELS {

constexpr std::int64_t kRunTokens = 32 * kTile;

// `whole` writes what later stages read.
enum class ScanFor : std::uint8_t { whole, carry, transition };

struct DeltaRuleRun {
  std::int32_t segment;  // -1: there is no such run
  std::int64_t first;    // token
  std::int64_t end;      // exclusive
  bool is_first, is_last;

  __device__ std::int64_t slot() const { return first / kRunTokens; }
  __device__ std::int64_t slot_before() const { return slot() - 1; }
};

// Every segment has a last run, the empty ones too.
template <class T>
__device__ inline DeltaRuleRun last_run_of(const DeltaRuleStash<T>& stash, std::int32_t segment) {
  const std::int64_t start = stash.in.cu_seqlens[segment], end = stash.in.cu_seqlens[segment + 1];
  if (stash.run_slots == 0 || end - start <= kRunTokens) return {segment, start, end, true, true};
  return {segment, start + (end - start - 1) / kRunTokens * kRunTokens, end, false, true};
}

// The run with this slot. It would hold the last token of the slot's stretch.
template <class T>
__device__ inline DeltaRuleRun run_of_slot(const DeltaRuleStash<T>& stash, std::int64_t slot) {
  const std::int64_t token = (slot + 1) * kRunTokens - 1;
  const std::int32_t segment = segment_of(stash.in.cu_seqlens, stash.in.segments, token);
  if (segment >= stash.in.segments) return {-1, 0, 0, false, false};
  const std::int64_t start = stash.in.cu_seqlens[segment];
  const std::int64_t first = start + (token - start) / kRunTokens * kRunTokens;
  const std::int64_t end = first + kRunTokens;
  if (end >= stash.in.cu_seqlens[segment + 1]) return {-1, 0, 0, false, false};
  return {segment, first, end, first == start, false};
}

// The run behind that of a slot.
template <class T>
__device__ inline DeltaRuleRun run_behind_slot(const DeltaRuleStash<T>& stash, std::int64_t slot) {
  const DeltaRuleRun before = run_of_slot(stash, slot);
  if (before.segment < 0) return before;
  const std::int64_t segment_end = stash.in.cu_seqlens[before.segment + 1];
  const std::int64_t end = min(before.end + kRunTokens, segment_end);
  return {before.segment, before.end, end, false, end == segment_end};
}

// All runs: those of slots, which take longest, and then the last ones.
template <class T>
__device__ inline DeltaRuleRun run_of_block(const DeltaRuleStash<T>& stash, unsigned block) {
  const auto slots = static_cast<unsigned>(stash.run_slots);
  return block < slots ? run_of_slot(stash, block)
                       : last_run_of(stash, static_cast<std::int32_t>(block - slots));
}

// The chunks of a run.
struct ChunkRange {
  std::int32_t first, end;
};
template <class T>
__device__ inline ChunkRange chunks_of(const DeltaRuleStash<T>& stash, const DeltaRuleRun& run) {
  const std::int32_t first =
      stash.chunk_offsets[run.segment] +
      static_cast<std::int32_t>((run.first - stash.in.cu_seqlens[run.segment]) / kTile);
  return {first, first + static_cast<std::int32_t>((run.end - run.first + kTile - 1) / kTile)};
}

// 64 columns of one of many states [index, value_heads, rows, columns].
struct StateColumns {
  float* first;
  std::int64_t stride;

  __device__ float& at(int row, int column) const { return first[row * stride + column]; }
};

__device__ inline StateColumns state_columns(const float* states, std::int64_t index,
                                             const GatedDeltaRuleInputs& in, std::int32_t head,
                                             std::int32_t columns, std::int32_t column) {
  const std::int64_t at =
      (index * in.value_heads + head) * in.key_dim * std::int64_t{columns} + column;
  return {const_cast<float*>(states) + at, columns};
}

}  // namespace packproof::PACKPROOF_KERNELS
