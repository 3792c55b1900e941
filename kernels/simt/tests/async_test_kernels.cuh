// Pipelines for tests of asynchronous copies and barriers. Each test file has its own copy, so
// that they run under the race detector too. `mistake` breaks one thing.
#pragma once

#include "kernels/device/instructions/async_copy.cuh"
#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/mbarrier.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class CopyMistake { kNone, kWaitsForOneLess, kNoBarrier, kReusesEarly };

constexpr int kCopyThreads = 64;
constexpr int kCopyStages = 3;

// Every thread copies its own four ints of each tile, three tiles ahead, and sums its neighbour's.
[[maybe_unused]] __global__ void pipelined_sum(const int* values, int tiles, CopyMistake mistake,
                                               int* sums) {
  SIMT_SHARED_ALIGNED(16, int, tile, [kCopyStages][4 * kCopyThreads]);
  const int own = 4 * static_cast<int>(threadIdx.x);
  const auto fetch = [&](int t) {
    if (t < tiles) cp_async<16>(tile[t % kCopyStages] + own, values + t * 4 * kCopyThreads + own);
    cp_async_commit_group();
  };
  for (int t = 0; t < kCopyStages - 1; ++t) fetch(t);
  int sum = 0;
  for (int t = 0; t < tiles; ++t) {
    if (mistake == CopyMistake::kReusesEarly) fetch(t + kCopyStages - 1);
    if (mistake == CopyMistake::kWaitsForOneLess) {
      cp_async_wait_group<kCopyStages - 1>();
    } else {
      cp_async_wait_group<kCopyStages - 2>();
    }
    if (mistake != CopyMistake::kNoBarrier) __syncthreads();  // tile t has landed; t - 1 is read
    if (mistake != CopyMistake::kReusesEarly) fetch(t + kCopyStages - 1);
    const int neighbour = (own + 4) % (4 * kCopyThreads);
    for (int i = 0; i < 4; ++i) sum += tile[t % kCopyStages][neighbour + i];
  }
  cp_async_wait_all();
  sums[threadIdx.x] = sum;
}

enum class RingMistake { kNone, kFullPhase, kEmptyPhase, kNoEmptyWait };

constexpr int kRingStages = 2;

// A producer warp hands numbers to a consumer warp through a ring of stages.
[[maybe_unused]] __global__ void ring(int rounds, RingMistake mistake, int* out) {
  SIMT_SHARED(Mbarrier, full, [kRingStages]);
  SIMT_SHARED(Mbarrier, empty, [kRingStages]);
  SIMT_SHARED(int, stage, [kRingStages][32]);
  const int lane = static_cast<int>(threadIdx.x) % 32;
  if (threadIdx.x == 0) {
    for (int s = 0; s < kRingStages; ++s) {
      mbarrier_init(&full[s], 32);
      mbarrier_init(&empty[s], 32);
    }
  }
  __syncthreads();  // the mbarriers are initialised
  for (int i = 0; i < rounds; ++i) {
    const int s = i % kRingStages;
    const auto parity = static_cast<unsigned>(i / kRingStages % 2);
    if (threadIdx.x < 32) {
      if (mistake != RingMistake::kNoEmptyWait)
        mbarrier_wait(&empty[s], parity ^ (mistake == RingMistake::kEmptyPhase ? 0 : 1));
      stage[s][lane] = 100 * i + lane;
      mbarrier_arrive(&full[s]);
    } else {
      while (!mbarrier_try_wait(&full[s], parity ^ (mistake == RingMistake::kFullPhase ? 1 : 0))) {
      }
      out[32 * i + lane] = stage[s][31 - lane];
      mbarrier_arrive(&empty[s]);
    }
  }
}

enum class BulkMistake {
  kNone,
  kExpectsLess,
  kExpectsMore,
  kNoReadWait,
  kStoresUnwritten,
  kUnfenced
};

constexpr int kTileInts = 64;
constexpr int kTileBytes = 4 * kTileInts;
constexpr int kBulkStages = 2;

// target = 2 * source, tile by tile, by one warp: loads run two tiles ahead, stores one behind.
[[maybe_unused]] __global__ void doubles(const int* source, int tiles, BulkMistake mistake,
                                         int* target) {
  SIMT_SHARED_ALIGNED(16, int, in, [kBulkStages][kTileInts]);
  SIMT_SHARED_ALIGNED(16, int, out, [kBulkStages][kTileInts]);
  SIMT_SHARED(Mbarrier, full, [kBulkStages]);
  const int lane = static_cast<int>(threadIdx.x);
  const auto fetch = [&](int t) {
    if (lane != 0 || t >= tiles) return;
    const int bytes = kTileBytes + (mistake == BulkMistake::kExpectsLess   ? -16
                                    : mistake == BulkMistake::kExpectsMore ? 16
                                                                           : 0);
    mbarrier_arrive_expect_tx(&full[t % kBulkStages], static_cast<unsigned>(bytes));
    bulk_load(in[t % kBulkStages], source + t * kTileInts, kTileBytes, &full[t % kBulkStages]);
  };
  if (lane == 0) {
    for (Mbarrier& barrier : full) mbarrier_init(&barrier, 1);
    mbarrier_init_fence();
  }
  __syncwarp();  // the mbarriers are initialised
  for (int t = 0; t < kBulkStages; ++t) fetch(t);
  for (int t = 0; t < tiles; ++t) {
    const int s = t % kBulkStages;
    mbarrier_wait(&full[s], static_cast<unsigned>(t / kBulkStages % 2));
    if (lane == 0 && mistake != BulkMistake::kNoReadWait) bulk_wait_group_read<kBulkStages - 1>();
    __syncwarp();  // out[s] may be written again
    if (mistake == BulkMistake::kStoresUnwritten && lane == 0) {
      bulk_store(target + t * kTileInts, out[s], kTileBytes);
      bulk_commit_group();
    }
    for (int i = lane; i < kTileInts; i += 32) out[s][i] = 2 * in[s][i];
    if (mistake != BulkMistake::kUnfenced) fence_proxy_async_shared();
    __syncwarp();  // in[s] is read, out[s] is written
    if (mistake != BulkMistake::kStoresUnwritten && lane == 0) {
      bulk_store(target + t * kTileInts, out[s], kTileBytes);
      bulk_commit_group();
    }
    fetch(t + kBulkStages);
  }
  if (lane == 0) bulk_wait_group<0>();
}

enum class ArriveMistake { kNone, kNoReadBarrier };

// A producer arrives and goes on; the consumer syncs. Barrier 1: written; 2: read.
[[maybe_unused]] __global__ void producer_arrives(int rounds, ArriveMistake mistake, int* out) {
  SIMT_SHARED(int, stage, [32]);
  const int lane = static_cast<int>(threadIdx.x) % 32;
  for (int i = 0; i < rounds; ++i) {
    if (threadIdx.x < 32) {
      if (i > 0 && mistake == ArriveMistake::kNone) named_barrier_sync(2, 64);
      stage[lane] = 10 * i + lane;
      named_barrier_arrive(1, 64);
    } else {
      named_barrier_sync(1, 64);
      out[32 * i + lane] = stage[lane ^ 1];
      if (i + 1 < rounds && mistake == ArriveMistake::kNone) named_barrier_arrive(2, 64);
    }
  }
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
