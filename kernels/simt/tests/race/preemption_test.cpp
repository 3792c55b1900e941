// Where a random schedule interrupts threads. Compiled under the race detector.
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/runtime/options.h"

namespace packproof {
namespace {

constexpr int kThreads = 64;

// The detector stays silent: all accesses are atomic, and what they read shows the order.
__global__ void record_order(int* count, int* order) {
  for (int i = 0; i < 4; ++i) order[threadIdx.x * 4 + i] = atomicAdd(count, 1);
}

std::vector<int> order_with(simt::Options options) {
  simt::set_options(options);
  std::vector<int> order(kThreads * 4);
  int count = 0;
  simt::launch(record_order, 1, kThreads, 0, nullptr, &count, order.data());
  simt::set_options({});
  return order;
}

// Catches: a seed that does not replay, or threads that always run as far as they can.
TEST(Preemption, SeedsRepeatAndInterruptThreads) {
  const simt::Options first{.schedule = simt::Schedule::kRandom, .seed = 3};
  const simt::Options other{.schedule = simt::Schedule::kRandom, .seed = 4};
  const std::vector<int> order = order_with(first);
  EXPECT_EQ(order, order_with(first));
  simt::Options on_two_os_threads = first;
  on_two_os_threads.os_threads = 2;
  EXPECT_EQ(order, order_with(on_two_os_threads));
  EXPECT_NE(order, order_with(other));
  int interrupted = 0;
  for (size_t thread = 0; thread < kThreads; ++thread) {
    interrupted += order[thread * 4 + 3] != order[thread * 4] + 3;
  }
  EXPECT_GT(interrupted, kThreads / 2);
}

__global__ void spin_without_sleep(int* result) {
  SIMT_SHARED(int, flag_storage);
  volatile int* flag = &flag_storage;
  if (threadIdx.x == 0) *flag = 0;
  __syncthreads();  // the flag is 0
  if (threadIdx.x == 0) {
    while (*flag == 0) {
    }
    *result = 1;
  } else if (threadIdx.x == 50) {
    *flag = 1;
  }
}

// Catches: accesses at which no other thread can get in.
TEST(Preemption, ASpinningThreadIsInterrupted) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    simt::set_options({.schedule = simt::Schedule::kRandom, .seed = seed});
    int result = 0;
    simt::launch(spin_without_sleep, 1, kThreads, 0, nullptr, &result);
    EXPECT_EQ(result, 1);
  }
  simt::set_options({});
}

}  // namespace
}  // namespace packproof
