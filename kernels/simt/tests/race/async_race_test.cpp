// Asynchronous copies, their barriers and wgmma under the race detector: healthy pipelines give no
// alarm in 200 schedules, and what breaks them is reported in each. This file is compiled under it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "kernels/simt/runtime/options.h"
#include "kernels/simt/tests/async_test_kernels.cuh"
#include "kernels/simt/tests/product_test_kernel.cuh"

namespace packproof::kernels_race {
namespace {

constexpr uint64_t kHealthySeeds = 200;
constexpr uint64_t kBrokenSeeds = 20;

void under_schedule(uint64_t number, const std::function<void()>& run) {
  simt::set_options(number == 0
                        ? simt::Options{}
                        : simt::Options{.schedule = simt::Schedule::kRandom, .seed = number});
  run();
  simt::set_options({});
}

void expect_healthy(const std::function<void()>& run) {
  for (uint64_t number = 0; number <= kHealthySeeds; ++number) under_schedule(number, run);
}

void expect_reported(const std::function<void()>& run, const std::string& message) {
  for (uint64_t number = 0; number <= kBrokenSeeds; ++number) {
    SCOPED_TRACE(number);
    EXPECT_DEATH(under_schedule(number, run), message);
  }
}

void run_copies(CopyMistake mistake) {
  alignas(16) static int values[5 * 4 * kCopyThreads];
  std::vector<int> sums(kCopyThreads);
  simt::launch(pipelined_sum, 1, kCopyThreads, 0, nullptr, values, 5, mistake, sums.data());
}

TEST(AsyncRace, CpAsync) {
  expect_healthy([] { run_copies(CopyMistake::kNone); });
  expect_reported([] { run_copies(CopyMistake::kNoBarrier); }, "data race on .* of tile");
  expect_reported([] { run_copies(CopyMistake::kReusesEarly); }, "data race on .* of tile");
  expect_reported([] { run_copies(CopyMistake::kWaitsForOneLess); }, "data race on .* of tile");
}

void run_ring(RingMistake mistake) {
  std::vector<int> out(7 * 32);
  simt::launch(ring, 1, 64, 0, nullptr, 7, mistake, out.data());
}

TEST(AsyncRace, Mbarrier) {
  expect_healthy([] { run_ring(RingMistake::kNone); });
  expect_reported([] { run_ring(RingMistake::kFullPhase); }, "data race on .* of stage|deadlock");
  expect_reported([] { run_ring(RingMistake::kNoEmptyWait); }, "data race on .* of stage|deadlock");
}

void run_arrivals(ArriveMistake mistake) {
  std::vector<int> out(4 * 32);
  simt::launch(producer_arrives, 1, 64, 0, nullptr, 4, mistake, out.data());
}

TEST(AsyncRace, NamedBarrier) {
  expect_healthy([] { run_arrivals(ArriveMistake::kNone); });
  expect_reported([] { run_arrivals(ArriveMistake::kNoReadBarrier); },
                  "data race on .* of stage|has arrived there already");
}

void run_bulk(BulkMistake mistake) {
  constexpr int kTiles = 6;
  alignas(16) static int source[kTiles * kTileInts];
  alignas(16) static int target[kTiles * kTileInts];
  simt::launch(doubles, 1, 32, 0, nullptr, source, kTiles, mistake, target);
}

TEST(AsyncRace, BulkCopy) {
  expect_healthy([] { run_bulk(BulkMistake::kNone); });
  expect_reported([] { run_bulk(BulkMistake::kNoReadWait); }, "data race on .* of out");
  expect_reported([] { run_bulk(BulkMistake::kStoresUnwritten); }, "data race on .* of out|proxy");
  expect_reported([] { run_bulk(BulkMistake::kUnfenced); }, "fence.proxy.async");
}

TEST(AsyncRace, TensorCopyAndWgmma) {
  expect_healthy([] { EXPECT_LT(error_of(ProductMistake::kNone), 1e-4); });
  expect_reported([] { error_of(ProductMistake::kFreesEarly); },
                  "data race on .* of dynamic shared memory");
  expect_reported([] { error_of(ProductMistake::kUnfencedStore); }, "fence.proxy.async");
  expect_reported([] { error_of(ProductMistake::kNoStoreBarrier); },
                  "data race on .* of dynamic shared memory");
}

}  // namespace
}  // namespace packproof::kernels_race
