// Bulk copies on the executor: when they land, and which faults are reported. The line constants
// count from their own line to the faulty one.
#include "kernels/device/instructions/bulk_copy.cuh"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "kernels/device/instructions/fences.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/block/sanitizer_support.h"
#include "kernels/simt/tests/async_test_kernels.cuh"
#include "kernels/simt/tests/schedule_sweep.h"

namespace packproof::kernels_simt {
namespace {

std::string at_line(int line) { return "bulk_copy_test.cpp:" + std::to_string(line); }

constexpr int kTiles = 6;

std::vector<int> run_doubles(BulkMistake mistake) {
  std::vector<int> source(kTiles * kTileInts + 4);
  // Aligned to 16, whatever the allocator does.
  auto* from = reinterpret_cast<int*>((reinterpret_cast<uintptr_t>(source.data()) + 15) / 16 * 16);
  std::iota(from, from + kTiles * kTileInts, 1);
  alignas(16) static int target[kTiles * kTileInts];
  std::fill(std::begin(target), std::end(target), -1);
  simt::launch(doubles, 1, 32, 0, nullptr, from, kTiles, mistake, target);
  return {std::begin(target), std::end(target)};
}

std::vector<int> expected_doubles() {
  std::vector<int> expected;
  for (int i = 0; i < kTiles * kTileInts; ++i) expected.push_back(2 * (i + 1));
  return expected;
}

// Catches: copies that move the wrong bytes, complete twice or never; groups miscounted.
TEST(BulkCopy, PipelineDoubles) {
  simt::under_schedules(50, [] { EXPECT_EQ(run_doubles(BulkMistake::kNone), expected_doubles()); });
}

__global__ void looks_too_early(const int* source, int* seen) {
  SIMT_SHARED_ALIGNED(16, int, tile, [4]);
  SIMT_SHARED(Mbarrier, full);
  mbarrier_init(&full, 1);
  mbarrier_init_fence();
  mbarrier_arrive_expect_tx(&full, 16);
  bulk_load(tile, source, 16, &full);
  seen[0] = tile[0];
  mbarrier_wait(&full, 0);
  seen[1] = tile[0];
}

// Catches: loads that land before anyone has waited.
TEST(BulkCopy, TargetIsPoisonUntilTheWait) {
  alignas(16) const int source[4] = {7};
  int seen[2] = {};
  simt::launch(looks_too_early, 1, 1, 0, nullptr, source, seen);
  EXPECT_EQ(seen[0], -1);
  EXPECT_EQ(seen[1], 7);
}

// Catches: a store that reads shared memory at its issue only, or at its wait only.
TEST(BulkCopy, EarlyReuseAndEarlyStoreShow) {
  int late = 0;
  int early = 0;
  simt::under_schedules(20, [&] {
    late += run_doubles(BulkMistake::kNoReadWait) != expected_doubles();
    early += run_doubles(BulkMistake::kStoresUnwritten) != expected_doubles();
  });
  EXPECT_GT(late, 10);
  EXPECT_GT(early, 10);
}

TEST(BulkCopy, WrongByteCountIsADeadlockThatSaysSo) {
  EXPECT_DEATH(run_doubles(BulkMistake::kExpectsMore),
               "deadlock .*wait at mbarrier wait .*16 expected bytes have not come");
  EXPECT_DEATH(run_doubles(BulkMistake::kExpectsLess),
               "deadlock .*wait at mbarrier wait .*16 bytes have come that were not expected");
}

__global__ void store_and_look(int* global, int* seen) {
  SIMT_SHARED_ALIGNED(16, int, tile, [4]);
  for (int i = 0; i < 4; ++i) tile[i] = 7;
  fence_proxy_async_shared();
  bulk_store(global, tile, 16);
  bulk_commit_group();
  bulk_wait_group_read<0>();
  seen[0] = global[0];
  bulk_wait_group<0>();
  seen[1] = global[0];
}

// Catches: .read that waits for the write too, which would hide its misuse.
TEST(BulkCopy, ReadWaitIsNotAWriteWait) {
  alignas(16) int global[4] = {};
  int seen[2] = {-1, -1};
  simt::launch(store_and_look, 1, 1, 0, nullptr, global, seen);
  EXPECT_EQ(seen[0], 0);
  EXPECT_EQ(seen[1], 7);
}

constexpr int kPendingLine = __LINE__ + 6;
__global__ void leaves_unfinished(const int* source, int* target, int which) {
  SIMT_SHARED_ALIGNED(16, int, tile, [4]);
  SIMT_SHARED(Mbarrier, full);
  mbarrier_init(&full, 1);
  mbarrier_init_fence();
  if (which == 0) bulk_load(tile, source, 16, &full);
  if (which == 1) bulk_store(target, tile, 16);
  if (which == 2) bulk_store(target, tile, 16), bulk_commit_group(), bulk_wait_group<1>();
}

TEST(BulkCopy, WhatIsNotWaitedForIsReported) {
  alignas(16) int memory[4] = {};
  const char* const messages[] = {
      "this bulk copy is still pending when the block ends: no thread waits",
      "thread 0 never commits this bulk copy from shared memory",
      "thread 0 never waits for this bulk copy from shared memory.*allows too many"};
  for (int which = 0; which < 3; ++which) {
    EXPECT_DEATH(simt::launch(leaves_unfinished, 1, 1, 0, nullptr, memory, memory, which),
                 at_line(kPendingLine + which) + " in leaves_unfinished: " + messages[which]);
  }
}

constexpr int kMisuseLine = __LINE__ + 6;
__global__ void misuse(const char* source, char* target, int which) {
  SIMT_SHARED_ALIGNED(16, char, tile, [64]);
  SIMT_SHARED(Mbarrier, full);
  mbarrier_init(&full, 1);
  if (which > 0) mbarrier_init_fence();
  if (which == 0) bulk_load(tile, source, 16, &full);
  if (which == 1) bulk_load(tile, source, 8, &full);
  if (which == 2) bulk_load(tile + 8, source, 16, &full);
  if (which == 3) bulk_load(tile, source + 8, 16, &full);
  if (which == 4) bulk_load(tile, source, 80, &full);
  if (which == 5) bulk_load(tile, source, 16, &full + 1);
  if (which == 6) bulk_load(tile, source, 16, &full), mbarrier_inval(&full);
  if (which == 7) bulk_store(target + 8, tile, 16);
  if (which == 8) bulk_store(target, tile + 48, 32);
  if (which == 9) bulk_load(tile, source + 64, 16, &full);
}

TEST(BulkCopy, MisuseIsReported) {
  auto* memory = static_cast<char*>(std::aligned_alloc(64, 64));
  const char* const messages[] = {
      "names the mbarrier initialised at .* by thread 0, which has not fenced it since",
      "cp.async.bulk of 8 bytes; it moves a multiple of 16",
      "cp.async.bulk of an address that is not a multiple of 16 bytes",
      "cp.async.bulk of a global address that is not a multiple of 16 bytes",
      "cp.async.bulk of 80 bytes that reach past the bounds of tile",
      "cp.async.bulk of 8 bytes that reach past the bounds of every",
      "mbarrier.inval while 0 threads and 1 copies still use the mbarrier",
      "cp.async.bulk of a global address that is not a multiple of 16 bytes",
      "cp.async.bulk of 32 bytes that reach past the bounds of tile",
      "cp.async.bulk of 16 bytes that reach memory which is not the caller's"};
  for (int which = 0; which < (simt::detail::kAsan ? 10 : 9); ++which) {
    SCOPED_TRACE(which);
    EXPECT_DEATH(simt::launch(misuse, 1, 1, 0, nullptr, memory, memory, which),
                 at_line(kMisuseLine + which) + " in misuse: .*" + messages[which]);
  }
  std::free(memory);
}

}  // namespace
}  // namespace packproof::kernels_simt
