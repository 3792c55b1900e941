// The tasks of a scan block, fetched ahead of all others by one warp.
#pragma once

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_scan_memory.cuh"

namespace packproof::PACKPROOF_KERNELS {

enum class ScanPass : std::uint8_t { first, whole };

// Columns that a task has, and tasks that share a piece and a head.
template <ScanPass kPass, class T>
__host__ __device__ inline std::int32_t groups_of(const FastDeltaRule<T>& rule,
                                                  std::int32_t columns) {
  const std::int32_t whole = rule.in.value_dim / columns;
  return kPass == ScanPass::whole ? whole : whole + (rule.in.key_dim + columns - 1) / columns;
}

template <class T>
__device__ inline float* state_at(float* states, const FastDeltaRule<T>& rule, std::int64_t index,
                                  std::int32_t head, std::int32_t columns) {
  return states + (index * rule.in.value_heads + head) * rule.in.key_dim * columns;
}

// Which task an index is: of the plan's pieces, or of slots. Few registers: the task itself is
// written where it is read.
struct TaskChoice {
  std::int32_t piece, head, group;
  std::int32_t faded;  // chunks at its beginning that are left out; -1: nothing to do
};

__device__ inline TaskChoice choose_task(std::int32_t index, std::int32_t heads,
                                         std::int32_t groups) {
  const std::int32_t head = index / groups;
  return {head / heads, head % heads, index % groups, 0};
}

template <class T>
__device__ void write_task(ScanTask& task, const FastDeltaRule<T>& rule, const PlannedPiece& piece,
                           const TaskChoice& choice) {
  task.first_token = piece.first_token + choice.faded * kChunkTokens;
  task.tokens = piece.tokens - choice.faded * kChunkTokens;
  task.first_chunk = piece.first_chunk + choice.faded;
  task.head = choice.head;
  task.columns = rule.in.value_dim;
  task.is_transition = false;
  task.from = nullptr;
  task.to = nullptr;
}

// Tasks in the order of the plan: heads of a key head side by side, since they read the same K, Q.
template <class T>
__device__ void write_whole_task(ScanTask& task, const FastDeltaRule<T>& rule, float* final_state,
                                 const TaskChoice& choice, std::int32_t columns) {
  const GatedDeltaRuleInputs& in = rule.in;
  const PlannedPiece piece = rule.pieces[choice.piece];
  write_task(task, rule, piece, choice);
  task.column = choice.group * columns;
  if (in.cu_seqlens[piece.segment] != piece.first_token)
    task.from = state_at(rule.carried, rule, piece.first_token / rule.piece_tokens - 1, choice.head,
                         in.value_dim);
  else if (in.initial_state)
    task.from = state_at(const_cast<float*>(in.initial_state), rule, piece.segment, choice.head,
                         in.value_dim);
  if (final_state && in.cu_seqlens[piece.segment + 1] == piece.first_token + piece.tokens)
    task.to = state_at(final_state, rule, piece.segment, choice.head, in.value_dim);
}

// What a piece with a slot carries, or its transition, which is 0 if anything has faded, and is not
// asked for of a segment's first piece.
template <class T>
__device__ void look_at_slot(TaskChoice& choice, const FastDeltaRule<T>& rule,
                             std::int32_t columns) {
  const std::int32_t faded =
      rule.faded[std::int64_t{choice.piece} * rule.in.value_heads + choice.head];
  const bool is_transition = choice.group * columns >= rule.in.value_dim;
  const bool is_needed = is_transition ? faded == 0 : faded != kNoPiece;
  choice.faded = is_needed ? max(faded, 0) : -1;
}

template <class T>
__device__ void write_first_pass_task(ScanTask& task, const FastDeltaRule<T>& rule,
                                      const TaskChoice& choice, std::int32_t columns) {
  const GatedDeltaRuleInputs& in = rule.in;
  const PlannedPiece piece = rule.slot_pieces[choice.piece];
  write_task(task, rule, piece, choice);
  task.column = choice.group * columns;
  if (task.column >= in.value_dim) {
    task.is_transition = true;
    task.column -= in.value_dim;
    task.columns = in.key_dim;
    task.to = state_at(rule.transitions, rule, choice.piece, choice.head, in.key_dim);
    return;
  }
  if (in.initial_state && choice.faded == 0 && in.cu_seqlens[piece.segment] == piece.first_token)
    task.from = state_at(const_cast<float*>(in.initial_state), rule, piece.segment, choice.head,
                         in.value_dim);
  task.to = state_at(rule.carried, rule, choice.piece, choice.head, in.value_dim);
}

// By one lane. The first tasks are the blocks' own numbers, the others the next that no one has.
template <ScanPass kPass, class T, class Memory>
__device__ void fetch_tasks(Memory& memory, const FastDeltaRule<T>& rule, float* final_state,
                            std::int32_t columns) {
  const std::int32_t groups = groups_of<kPass>(rule, columns);
  const std::int32_t tasks =
      (kPass == ScanPass::whole ? rule.counts->pieces : static_cast<std::int32_t>(rule.slots)) *
      rule.in.value_heads * groups;
  auto index = static_cast<std::int32_t>(blockIdx.x);
#pragma unroll 1
  for (std::uint32_t number = 0;;) {
    TaskChoice choice = choose_task(index, rule.in.value_heads, groups);
    if (kPass == ScanPass::first && index < tasks) look_at_slot(choice, rule, columns);
    if (choice.faded >= 0 || index >= tasks) {
      const std::uint32_t slot = number % kTaskSlots;
      mbarrier_wait(&memory.task_barriers.free[slot], (number / kTaskSlots & 1) ^ 1);
      ++number;
      ScanTask& task = memory.tasks[slot];
      if (index >= tasks)
        task.tokens = 0;
      else if constexpr (kPass == ScanPass::whole)
        write_whole_task(task, rule, final_state, choice, columns);
      else
        write_first_pass_task(task, rule, choice, columns);
      mbarrier_arrive(&memory.task_barriers.full[slot]);
    }
    if (index >= tasks) return;
    index = static_cast<std::int32_t>(gridDim.x) +
            atomicAdd(&rule.counts->next_task[kPass == ScanPass::whole], 1);
  }
}

}  // namespace packproof::PACKPROOF_KERNELS
