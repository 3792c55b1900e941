// Named barriers on the executor. The line constants count from their own line to the faulty one.
#include "kernels/device/instructions/named_barrier.cuh"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/tests/async_test_kernels.cuh"
#include "kernels/simt/tests/schedule_sweep.h"

namespace packproof::kernels_simt {
namespace {

std::string at_line(int line) { return "named_barrier_test.cpp:" + std::to_string(line); }

// Two pairs of warps, each with a barrier of its own, exchange what they wrote, round by round.
__global__ void pairs_exchange(int rounds, int* out) {
  SIMT_SHARED(int, stage, [128]);
  const int thread = static_cast<int>(threadIdx.x);
  const auto barrier = 1 + threadIdx.x / 64;
  int value = thread;
  for (int i = 0; i < rounds; ++i) {
    stage[thread] = value;
    named_barrier_sync(barrier, 64);  // the pair has written
    value = stage[thread ^ 32] + 1;
    named_barrier_sync(barrier, 64);  // the pair has read
  }
  out[thread] = value;
}

// Catches: barriers that mix up ids or rounds, or let a warp through early.
TEST(NamedBarrier, PairsOfWarps) {
  std::vector<int> expected;
  for (int thread = 0; thread < 128; ++thread) expected.push_back((thread ^ 32) + 5);
  simt::under_schedules(30, [&] {
    std::vector<int> out(128);
    simt::launch(pairs_exchange, 1, 128, 0, nullptr, 5, out.data());
    EXPECT_EQ(out, expected);
  });
}

// Catches: an arrival that waits for the round, or is lost.
TEST(NamedBarrier, ArriveDoesNotWait) {
  std::vector<int> expected;
  for (int i = 0; i < 4; ++i) {
    for (int lane = 0; lane < 32; ++lane) expected.push_back(10 * i + (lane ^ 1));
  }
  simt::under_schedules(30, [&] {
    std::vector<int> out(128);
    simt::launch(producer_arrives, 1, 64, 0, nullptr, 4, ArriveMistake::kNone, out.data());
    EXPECT_EQ(out, expected);
  });
}

__global__ void exited_lanes() {
  if (threadIdx.x % 32 > 20) return;
  named_barrier_sync(3, 64);
}

// Catches: warps with exited or missing lanes that never count.
TEST(NamedBarrier, CountsWarpsWhateverTheirLanes) {
  simt::under_schedules(5, [] { simt::launch(exited_lanes, 1, 50, 0, nullptr); });
}

constexpr int kSyncLine = __LINE__ + 1;
__global__ void sync(unsigned id, unsigned threads) { named_barrier_sync(id, threads); }

TEST(NamedBarrier, TooHighACountIsADeadlockThatSaysSo) {
  EXPECT_DEATH(simt::launch(sync, 1, 64, 0, nullptr, 1, 96),
               "deadlock in block .*: threads 0-63 wait at bar.sync .*" + at_line(kSyncLine) +
                   " in sync: of barrier 1, where 64 of 96 threads, by whole warps, have arrived");
}

TEST(NamedBarrier, ImpossibleArgumentsAreReported) {
  EXPECT_DEATH(simt::launch(sync, 1, 64, 0, nullptr, 16, 64),
               at_line(kSyncLine) + ".*bar.sync of barrier 16; there are 0 to 15");
  EXPECT_DEATH(simt::launch(sync, 1, 64, 0, nullptr, 1, 48),
               at_line(kSyncLine) + ".*a count of 48 threads; it must be a multiple of 32");
}

constexpr int kCountLine = __LINE__ + 1;
__global__ void counts_differ() { named_barrier_sync(1, threadIdx.x < 32 ? 64 : 96); }

TEST(NamedBarrier, MixedCountsAreReported) {
  EXPECT_DEATH(simt::launch(counts_differ, 1, 96, 0, nullptr),
               at_line(kCountLine) + ".*barrier 1 with a count of 96 threads, where .*" +
                   at_line(kCountLine) + " has 64");
}

constexpr int kTwiceLine = __LINE__ + 3;
__global__ void arrives_twice() {
  named_barrier_arrive(1, 64);
  named_barrier_arrive(1, 64);
}

TEST(NamedBarrier, ArrivingTwiceIsReported) {
  EXPECT_DEATH(simt::launch(arrives_twice, 1, 32, 0, nullptr),
               at_line(kTwiceLine) + ".*a warp that has arrived there already");
}

constexpr int kZeroLine = __LINE__ + 5;
__global__ void barrier_zero_meets_syncthreads() {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    named_barrier_sync(0, 64);
  }
}

TEST(NamedBarrier, BarrierZeroIsThatOfSyncthreads) {
  EXPECT_DEATH(simt::launch(barrier_zero_meets_syncthreads, 1, 64, 0, nullptr),
               at_line(kZeroLine) + ".*barrier 0, at which other threads wait by __syncthreads");
  simt::launch(sync, 1, 64, 0, nullptr, 0, 64);
}

}  // namespace
}  // namespace packproof::kernels_simt
