#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "kernels/simt/runtime/options.h"
#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof {
namespace {

struct Place {
  uint3 thread, block;
};

__global__ void record_places(Place* places) {
  const unsigned block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  const unsigned thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  __syncthreads();  // coordinates must survive a switch
  places[block * (blockDim.x * blockDim.y * blockDim.z) + thread] = {threadIdx, blockIdx};
}

// Catches: axes mixed up, and coordinates that a switch does not restore.
TEST(Launch, CoordinatesInThreeDimensions) {
  constexpr dim3 kGrid(2, 3, 4);
  constexpr dim3 kBlock(5, 2, 7);
  std::vector<Place> places(24 * 70, Place{{99, 0, 0}, {99, 0, 0}});
  simt::launch(record_places, kGrid, kBlock, 0, nullptr, places.data());
  for (unsigned i = 0; i < places.size(); ++i) {
    const Place& place = places[i];
    const unsigned thread = i % 70;
    const unsigned block = i / 70;
    ASSERT_EQ(place.thread.x, thread % 5);
    ASSERT_EQ(place.thread.y, thread / 5 % 2);
    ASSERT_EQ(place.thread.z, thread / 10);
    ASSERT_EQ(place.block.x, block % 2);
    ASSERT_EQ(place.block.y, block / 2 % 3);
    ASSERT_EQ(place.block.z, block / 6);
  }
}

__global__ void increment_own_copy(int start, int* results) {
  start += static_cast<int>(threadIdx.x);
  __syncthreads();
  results[threadIdx.x] = start;
}

// Catches: parameters shared by the threads of a block.
TEST(Launch, EachThreadHasItsOwnParameters) {
  std::array<int, 64> results{};
  simt::launch(increment_own_copy, 1, 64, 0, nullptr, 10, results.data());
  for (int i = 0; i < 64; ++i) EXPECT_EQ(results[static_cast<size_t>(i)], 10 + i);
}

__global__ void must_not_run(int* ran) { *ran = 1; }

TEST(Launch, EmptyGridRunsNothing) {
  int ran = 0;
  simt::launch(must_not_run, 0, 32, 0, nullptr, &ran);
  simt::launch(must_not_run, dim3(4, 0, 1), 32, 0, nullptr, &ran);
  EXPECT_EQ(ran, 0);
}

int exit_status_of_child(int os_threads) {
  const pid_t child = fork();
  if (child == 0) {
    simt::set_options({.os_threads = os_threads});
    kernels_simt::AtomicResults results{};
    kernels_simt::run_atomics(20, &results, nullptr);
    _exit(results.int_sum == 20 * 64 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

// Catches: a worker or a thread of the parent that a child made by fork() relies on.
TEST(Launch, WorksInAForkedChild) {
  simt::set_options({.os_threads = 2});
  kernels_simt::AtomicResults results{};
  kernels_simt::run_atomics(20, &results, nullptr);
  EXPECT_EQ(exit_status_of_child(1), 0);
  EXPECT_EQ(exit_status_of_child(2), 0);
  simt::set_options({});
}

// Catches: a child that inherits a lock which another thread held at the fork.
TEST(Launch, ForkWhileAnotherThreadLaunches) {
  std::atomic<bool> stop{false};
  std::thread other([&] {
    kernels_simt::AtomicResults results{};
    while (!stop) kernels_simt::run_atomics(5, &results, nullptr);
  });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(exit_status_of_child(1), 0);
  stop = true;
  other.join();
}

__global__ void record_os_threads(std::thread::id* ids) {
  ids[blockIdx.x] = std::this_thread::get_id();
}

// Catches: a helper thread where the options ask for none.
TEST(Launch, OneOsThreadIsTheCallersOwn) {
  std::vector<std::thread::id> ids(50);
  simt::launch(record_os_threads, ids.size(), 1, 0, nullptr, ids.data());
  EXPECT_EQ(std::set<std::thread::id>(ids.begin(), ids.end()),
            std::set<std::thread::id>{std::this_thread::get_id()});
}

// Catches: state that launches from several host threads (ranks of one process) share.
TEST(Launch, HostThreadsLaunchAtOnce) {
  std::vector<std::thread> ranks;
  std::array<kernels_simt::AtomicResults, 4> results{};
  for (auto& own : results) {
    ranks.emplace_back([&own] { kernels_simt::run_atomics(30, &own, nullptr); });
  }
  for (std::thread& rank : ranks) rank.join();
  for (const auto& own : results) EXPECT_EQ(own.int_sum, 30 * 64);
}

__global__ void wait_for_flag(volatile int* flag, int* result) {
  if (threadIdx.x == 0) {
    while (*flag == 0) __nanosleep(20);
    *result = 1;
  }
  if (threadIdx.x == 40) *flag = 1;
}

// Catches: a spinning thread that never lets the other warp run.
TEST(Launch, NanosleepLetsOthersRun) {
  int flag = 0;
  int result = 0;
  simt::launch(wait_for_flag, 1, 64, 0, nullptr, &flag, &result);
  EXPECT_EQ(result, 1);
}

}  // namespace
}  // namespace packproof
