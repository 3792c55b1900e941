// What the warpgroups of a scan block share: tiles in rings of stages, and who waits for whom.
//
//   copies (a warp each)   K and factors; N, Q and V; O's way out; tasks
//   auxiliary              X and P
//   states (one or two)    64 columns of the state each
// A stage is full when its bytes or all arrivals of its writers have come, and free when each warp
// that reads it has arrived. All walk the same chunks in the same order, task by task; what follows
// from a chunk's number is its stage and parity.
#pragma once

#include <cstdint>

#include "kernels/delta_rule/chunk_gated_delta_rule/fast/fast_tiles.cuh"
#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// One piece of one value head, and some columns of its state [key_dim, columns]. No tokens: the
// end.
struct alignas(16) ScanTask {
  std::int32_t first_token, tokens, first_chunk, head;
  std::int32_t column, columns;
  bool is_transition;  // from the identity, with V = 0
  const float* from;   // null: 0
  float* to;           // null: not stored

  __device__ std::int32_t chunks() const { return (tokens + kChunkTokens - 1) / kChunkTokens; }
  __device__ std::int32_t tokens_of(std::int32_t chunk) const {
    return min(tokens - chunk * kChunkTokens, kChunkTokens);
  }
};

template <int kStages>
struct StageBarriers {
  Mbarrier full[kStages], free[kStages];
};

constexpr int kKeyStages = 3, kFactorStages = 4, kTaskSlots = 4;

template <int kKeyTiles, int kStates>
struct ScanMemory {
  alignas(1024) unsigned char k[kKeyStages][kKeyTiles * kTileBytes];
  unsigned char q[2][kKeyTiles * kTileBytes];
  unsigned char v[2][kStates * kTileBytes];
  unsigned char n[2][kTileBytes];
  unsigned char x[2][kKeyTiles * kTileBytes];
  unsigned char p[2][kTileBytes];
  unsigned char o[kStates][kTileBytes];
  ChunkFactors factors[kFactorStages];
  ScanTask tasks[kTaskSlots];
  StageBarriers<kKeyStages> k_barriers;
  Mbarrier k_clean[kKeyStages];  // rows behind a segment's end are 0; else at once
  StageBarriers<2> q_barriers, v_barriers, n_barriers, x_barriers, p_barriers;
  StageBarriers<kStates> o_barriers;
  StageBarriers<kFactorStages> factor_barriers;
  StageBarriers<kTaskSlots> task_barriers;
};

template <int kStates>
constexpr int kScanThreads = 128 * (kStates + 2);

// Of __syncthreads: 0.
enum NamedBarrier : std::uint32_t { kCleaning = 1, kFirstTurn = 2, kSecondTurn = 3 };

// By one thread; a barrier of the block must follow.
template <int kKeyTiles, int kStates>
__device__ void init_barriers(ScanMemory<kKeyTiles, kStates>& memory) {
  constexpr unsigned kStateWarps = 4 * kStates, kAuxiliaryWarps = 4, kCopyingWarps = 3;
  const auto init = [](auto& barriers, unsigned writers, unsigned readers) {
    for (Mbarrier& full : barriers.full) mbarrier_init(&full, writers);
    for (Mbarrier& free : barriers.free) mbarrier_init(&free, readers);
  };
  init(memory.k_barriers, 1, kAuxiliaryWarps + kStateWarps);
  for (Mbarrier& clean : memory.k_clean) mbarrier_init(&clean, kAuxiliaryWarps);
  init(memory.q_barriers, 1, kAuxiliaryWarps + kStateWarps);
  init(memory.v_barriers, 1, kStateWarps);
  init(memory.n_barriers, 1, kAuxiliaryWarps);
  init(memory.x_barriers, kAuxiliaryWarps, kStateWarps);
  init(memory.p_barriers, kAuxiliaryWarps, kStateWarps);
  init(memory.o_barriers, 4, 1);
  init(memory.factor_barriers, 1, kAuxiliaryWarps + kStateWarps);
  init(memory.task_barriers, 1, kAuxiliaryWarps + kStateWarps + kCopyingWarps);
  mbarrier_init_fence();
}

// One arrival of a warp, whose lanes have all done what it says.
__device__ inline void warp_arrive(Mbarrier* barrier) {
  __syncwarp();
  if (fresh_thread_index() % 32 == 0) mbarrier_arrive(barrier);
}

// Where a chunk lies: of all that the block meets, it is the `number`-th.
struct ChunkStage {
  std::uint32_t number = 0;
  std::uint32_t key = 0, key_parity = 0;

  __device__ std::uint32_t two() const { return number & 1; }
  __device__ std::uint32_t parity() const { return number >> 1 & 1; }
  __device__ std::uint32_t factor() const { return number % kFactorStages; }
  __device__ std::uint32_t factor_parity() const { return number / kFactorStages & 1; }
  __device__ void advance_key() {
    if (++key < kKeyStages) return;
    key = 0;
    key_parity ^= 1;
  }
  __device__ void advance() {
    ++number;
    advance_key();
  }
};

// Walks the tasks that the copies' last warp fetches. A slot may be used again once every warp has
// let go of it.
template <class Memory>
class TaskWalk {
 public:
  __device__ explicit TaskWalk(Memory& memory) : memory_(&memory) { wait(); }

  __device__ const ScanTask& task() const { return memory_->tasks[slot()]; }
  __device__ bool is_over() const { return task().tokens == 0; }
  // By all lanes of the warp, or (kAlone) by the one that walks.
  template <bool kAlone = false>
  __device__ void next() {
    Mbarrier* const free = &memory_->task_barriers.free[slot()];
    if constexpr (kAlone)
      mbarrier_arrive(free);
    else
      warp_arrive(free);
    ++number_;
    wait();
  }

 private:
  __device__ std::uint32_t slot() const { return number_ % kTaskSlots; }
  __device__ void wait() {
    mbarrier_wait(&memory_->task_barriers.full[slot()], number_ / kTaskSlots & 1);
  }

  Memory* memory_;
  std::uint32_t number_ = 0;
};

}  // namespace packproof::PACKPROOF_KERNELS
