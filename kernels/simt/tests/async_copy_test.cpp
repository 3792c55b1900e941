// cp.async on the executor: what lands when, and which faults are reported. The line constants
// count from their own line to the faulty one.
#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "kernels/device/instructions/async_copy.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/block/sanitizer_support.h"
#include "kernels/simt/tests/async_test_kernels.cuh"
#include "kernels/simt/tests/schedule_sweep.h"

namespace packproof::kernels_simt {
namespace {

std::string at_line(int line) { return "async_copy_test.cpp:" + std::to_string(line); }

std::vector<int> counting(int count) {
  std::vector<int> values(static_cast<size_t>(count));
  std::iota(values.begin(), values.end(), 1);
  return values;
}

constexpr int kThreads = kCopyThreads;

std::vector<int> run_pipelined_sum(CopyMistake mistake) {
  constexpr int kTiles = 5;
  const std::vector<int> values = counting(kTiles * 4 * kThreads);
  std::vector<int> sums(kThreads);
  simt::launch(pipelined_sum, 1, kThreads, 0, nullptr, values.data(), kTiles, mistake, sums.data());
  return sums;
}

std::vector<int> expected_sums() {
  std::vector<int> sums;
  for (int thread = 0; thread < kThreads; ++thread) {
    int sum = 0;
    for (int t = 0; t < 5; ++t) {
      for (int i = 0; i < 4; ++i)
        sum += t * 4 * kThreads + (4 * thread + 4) % (4 * kThreads) + i + 1;
    }
    sums.push_back(sum);
  }
  return sums;
}

// Catches: groups miscounted, copies that land in the wrong place or never.
TEST(AsyncCopy, PipelineGivesTheSums) {
  simt::under_schedules(20,
                        [] { EXPECT_EQ(run_pipelined_sum(CopyMistake::kNone), expected_sums()); });
}

// Catches: copies that land before the wait that must bring them.
TEST(AsyncCopy, TooSmallAWaitShowsPoison) {
  simt::under_schedules(
      5, [] { EXPECT_NE(run_pipelined_sum(CopyMistake::kWaitsForOneLess), expected_sums()); });
}

// Catches: a tile that is overwritten while others read it, hidden by a late landing.
TEST(AsyncCopy, EarlyReuseAndMissingBarrierShowInTheDefaultSchedule) {
  EXPECT_NE(run_pipelined_sum(CopyMistake::kNoBarrier), expected_sums());
}

__global__ void copy_sizes(const unsigned char* source, unsigned source_bytes, unsigned char* out) {
  SIMT_SHARED_ALIGNED(16, unsigned char, target, [32]);
  for (int i = 0; i < 32; ++i) target[i] = 0x77;
  cp_async_zero_fill<4>(target, source, source_bytes);
  cp_async<4>(target + 4, source + 4);
  cp_async<8>(target + 8, source + 8);
  cp_async_zero_fill<16>(target + 16, source + 16, 4 * source_bytes);
  for (int i = 0; i < 32; ++i) out[i] = target[i];
  cp_async_wait_all();
  for (int i = 0; i < 32; ++i) out[32 + i] = target[i];
}

// Catches: zero fill that reads on, sizes mixed up, a target that holds old data before the wait.
TEST(AsyncCopy, SizesZeroFillAndPoison) {
  alignas(16) unsigned char source[32];
  std::iota(source, source + 32, static_cast<unsigned char>(1));
  for (unsigned bytes : {0u, 3u, 4u}) {
    std::vector<unsigned char> out(64);
    simt::launch(copy_sizes, 1, 1, 0, nullptr, source, bytes, out.data());
    EXPECT_EQ(std::vector<unsigned char>(out.begin(), out.begin() + 32),
              std::vector<unsigned char>(32, 0xff));
    std::vector<unsigned char> expected(source, source + 32);
    for (unsigned i = bytes; i < 4; ++i) expected[i] = 0;
    for (unsigned i = 16 + 4 * bytes; i < 32; ++i) expected[i] = 0;
    EXPECT_EQ(std::vector<unsigned char>(out.begin() + 32, out.end()), expected);
  }
}

__global__ void waits_group_by_group(const int* source, int* landed) {
  SIMT_SHARED(int, target, [4]);
  const auto look = [&](int i) {
    landed[i] = 0;
    for (int k = 0; k < 4; ++k) landed[i] |= target[k] == source[k] ? 1 << k : 0;
  };
  cp_async<4>(target, source);
  cp_async_commit_group();
  cp_async<4>(target + 1, source + 1);
  cp_async<4>(target + 2, source + 2);
  cp_async_commit_group();
  cp_async<4>(target + 3, source + 3);
  cp_async_wait_group<2>();
  look(0);
  cp_async_wait_group<1>();
  look(1);
  cp_async_commit_group();
  cp_async_wait_group<1>();
  look(2);
  cp_async_wait_group<0>();
  look(3);
}

// Catches: a wait that brings more groups, or fewer, than it must.
TEST(AsyncCopy, AWaitLandsTheOldestGroups) {
  const std::vector<int> source = counting(4);
  simt::under_schedules(5, [&] {
    std::vector<int> landed(4);
    simt::launch(waits_group_by_group, 1, 1, 0, nullptr, source.data(), landed.data());
    EXPECT_EQ(landed, (std::vector<int>{0b0000, 0b0001, 0b0111, 0b1111}));
  });
}

__global__ void source_changes_too_early(int* source, int* out) {
  SIMT_SHARED(int, target);
  cp_async<4>(&target, source);
  *source = 2;
  cp_async_wait_all();
  *out = target;
}

// Catches: a source read at the issue in every schedule, which hides that it changes too early.
TEST(AsyncCopy, SourceIsReadLateOrEarly) {
  int reads_of_old = 0;
  int runs = 0;
  simt::under_schedules(20, [&] {
    int source = 1;
    int out = 0;
    simt::launch(source_changes_too_early, 1, 1, 0, nullptr, &source, &out);
    if (runs++ == 0) {
      EXPECT_EQ(out, 2);  // late in the default schedule
    }
    reads_of_old += out == 1;
  });
  EXPECT_GT(reads_of_old, 0);
  EXPECT_LT(reads_of_old, runs - 1);
}

// Two producers copy, an mbarrier tells the other warp.
__global__ void copies_announced_by_mbarrier(const int* source, int* out) {
  SIMT_SHARED(Mbarrier, full);
  SIMT_SHARED_ALIGNED(16, int, target, [128]);
  if (threadIdx.x == 0) mbarrier_init(&full, 32);
  __syncthreads();  // full is initialised
  const int lane = static_cast<int>(threadIdx.x) % 32;
  if (threadIdx.x < 32) {
    cp_async<16>(target + 4 * lane, source + 4 * lane);
    cp_async_mbarrier_arrive_noinc(&full);
  } else {
    mbarrier_wait(&full, 0);
    for (int i = 0; i < 4; ++i) out[4 * lane + i] = target[4 * lane + i];
  }
}

// Catches: an arrival before the copies have landed; copies that count as never waited for.
TEST(AsyncCopy, MbarrierTracksCopies) {
  const std::vector<int> source = counting(128);
  simt::under_schedules(20, [&] {
    std::vector<int> out(128);
    simt::launch(copies_announced_by_mbarrier, 1, 64, 0, nullptr, source.data(), out.data());
    EXPECT_EQ(out, source);
  });
}

constexpr int kNeverWaitedLine = __LINE__ + 3;
__global__ void waits_before_it_commits(const int* source) {
  SIMT_SHARED(int, target);
  if (threadIdx.x == 5) cp_async<4>(&target, source);
  cp_async_wait_group<0>();
  cp_async_commit_group();
}

TEST(AsyncCopy, MissingWaitIsReported) {
  const int source = 1;
  EXPECT_DEATH(simt::launch(waits_before_it_commits, 1, 32, 0, nullptr, &source),
               at_line(kNeverWaitedLine) +
                   " in waits_before_it_commits: thread 5 never waits for "
                   "this cp.async: .*; block \\(0,0,0\\) of the kernel");
}

constexpr int kBadCopyLine = __LINE__ + 3;
__global__ void copy_to(const int* source, int offset, unsigned source_bytes) {
  SIMT_SHARED_ALIGNED(16, unsigned char, target, [64]);
  cp_async_zero_fill<16>(target + offset, source, source_bytes);
  cp_async_wait_all();
}

TEST(AsyncCopy, BadAddressesAreReported) {
  alignas(16) const int source[8] = {};
  const auto run = [](const int* from, int offset, unsigned bytes) {
    simt::launch(copy_to, 1, 1, 0, nullptr, from, offset, bytes);
  };
  const std::string here = at_line(kBadCopyLine) + " in copy_to: ";
  run(source, 48, 16);
  EXPECT_DEATH(run(source, 64, 16), here + "cp.async of 16 bytes that reach past");
  EXPECT_DEATH(run(source, 8, 16), here + "cp.async of an address that is not a multiple of 16");
  EXPECT_DEATH(run(source + 1, 0, 16), here + "cp.async of an address that is not a multiple");
  EXPECT_DEATH(run(source, 0, 17), here + "cp.async of 16 bytes has a source of 17");
  EXPECT_DEATH(run(source, 1 << 20, 16), here + "cp.async of an address outside shared memory");
  if (simt::detail::kAsan) {
    std::vector<int> heap(6);
    EXPECT_DEATH(run(heap.data() + 4, 0, 16), here + "cp.async of 16 bytes that reach memory");
  }
}

}  // namespace
}  // namespace packproof::kernels_simt
