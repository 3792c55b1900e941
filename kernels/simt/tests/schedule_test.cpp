#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <vector>

#include "kernels/simt/runtime/options.h"
#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof {
namespace {

constexpr int kThreads = 128;
constexpr int kSeeds = 20;

// Passes each value to the thread `distance` away, `rounds` times.
template <bool kHasSecondBarrier>
__global__ void rotate(int rounds, int distance, int* values) {
  SIMT_SHARED(int, slots, [kThreads]);
  int own = values[threadIdx.x];
  for (int round = 0; round < rounds; ++round) {
    slots[threadIdx.x] = own;
    __syncthreads();  // slots is complete
    own = slots[(threadIdx.x + distance) % kThreads];
    if constexpr (kHasSecondBarrier) __syncthreads();  // slots may be overwritten
  }
  values[threadIdx.x] = own;
}

template <bool kHasSecondBarrier>
bool rotates_right(simt::Options options) {
  simt::set_options(options);
  std::array<int, kThreads> values{};
  std::iota(values.begin(), values.end(), 0);
  simt::launch(rotate<kHasSecondBarrier>, 1, kThreads, 0, nullptr, 3, 37, values.data());
  simt::set_options({});
  for (int i = 0; i < kThreads; ++i) {
    if (values[static_cast<size_t>(i)] != (i + 3 * 37) % kThreads) return false;
  }
  return true;
}

TEST(Schedule, CorrectKernelPassesUnderAll) {
  EXPECT_TRUE(rotates_right<true>({}));
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    EXPECT_TRUE(rotates_right<true>({.schedule = simt::Schedule::kRandom, .seed = seed}));
  }
}

// Catches: random schedules that are not random enough to be worth running.
TEST(Schedule, RandomCatchesARemovedBarrier) {
  int caught = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    caught += !rotates_right<false>({.schedule = simt::Schedule::kRandom, .seed = seed});
  }
  EXPECT_GE(caught, kSeeds - 1);
}

__global__ void read_neighbour_without_barrier(int* values) {
  SIMT_SHARED(int, slots, [kThreads]);
  slots[threadIdx.x] = 1;
  values[threadIdx.x] = slots[(threadIdx.x + 1) % kThreads];
}

// Catches: memory that is not poisoned, or an order in which every writer happens to be first.
TEST(Schedule, InOrderCatchesAMissingBarrierThroughPoison) {
  std::array<int, kThreads> values{};
  simt::launch(read_neighbour_without_barrier, 1, kThreads, 0, nullptr, values.data());
  EXPECT_EQ(values[0], -1);
}

__global__ void record_order(int* count, int* order) {
  __syncwarp();
  __syncthreads();
  order[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(count, 1);
}

std::vector<int> order_of(simt::Options options) {
  simt::set_options(options);
  std::vector<int> order(4 * 64);
  int count = 0;
  simt::launch(record_order, 4, 64, 0, nullptr, &count, order.data());
  simt::set_options({});
  return order;
}

// Catches: a seed that does not repeat its schedule, or does not change it.
TEST(Schedule, SeedsRepeatAndDiffer) {
  const simt::Options first{.schedule = simt::Schedule::kRandom, .seed = 1};
  const simt::Options second{.schedule = simt::Schedule::kRandom, .seed = 2};
  EXPECT_EQ(order_of({}), order_of({}));
  EXPECT_EQ(order_of(first), order_of(first));
  EXPECT_NE(order_of(first), order_of(second));
  EXPECT_NE(order_of(first), order_of({}));
}

// Catches: a permutation of blocks that skips or repeats one.
TEST(Schedule, RandomOrderRunsEveryBlockOnce) {
  for (int blocks : {1, 2, 3, 7, 64, 1000}) {
    simt::set_options({.os_threads = 2, .schedule = simt::Schedule::kRandom, .seed = 5});
    std::vector<float> values(static_cast<size_t>(blocks) * 128, 1.0f);
    float total = 0;
    kernels_simt::run_block_sums(values.data(), blocks * 128, &total, nullptr);
    EXPECT_EQ(total, static_cast<float>(values.size()));
    simt::set_options({});
  }
}

}  // namespace
}  // namespace packproof
