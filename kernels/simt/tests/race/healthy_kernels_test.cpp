// Kernels in order must pass under the race detector, whatever the schedule.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <numeric>
#include <vector>

#include "kernels/simt/runtime/options.h"
#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof {
namespace {

constexpr uint64_t kSeeds = 200;

void with_every_schedule(const std::function<void()>& run) {
  simt::set_options({});
  run();
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    simt::set_options({.schedule = simt::Schedule::kRandom, .seed = seed});
    run();
  }
  simt::set_options({});
}

// Catches: order that shuffles, a barrier and atomics give, not heard by the detector.
TEST(HealthyUnderRaceDetector, BlockSums) {
  const std::vector<float> values(1000, 1.0f);
  with_every_schedule([&] {
    float total = 0;
    kernels_race::run_block_sums(values.data(), 1000, &total, nullptr);
    EXPECT_EQ(total, 1000.0f);
  });
}

// Catches: shared memory of one block mixed up with that of the next.
TEST(HealthyUnderRaceDetector, Transpose) {
  std::vector<float> input(75 * 40);
  std::iota(input.begin(), input.end(), 0.0f);
  with_every_schedule([&] {
    std::vector<float> output(input.size());
    kernels_race::run_transpose(input.data(), 75, 40, output.data(), nullptr);
    EXPECT_EQ(output[1], input[40]);
  });
}

// Catches: accesses to the executor's own variables taken for the kernel's.
TEST(HealthyUnderRaceDetector, DynamicAndTemplatedSharedMemory) {
  with_every_schedule([] {
    std::array<int, 96> values{};
    kernels_race::run_reverse(values.data(), 32, 3, nullptr);
    std::array<double, 3> sums{};
    kernels_race::run_template_sums(sums.data(), nullptr);
    EXPECT_EQ(sums[2], 496.0);
  });
}

// Catches: atomic updates that race with each other.
TEST(HealthyUnderRaceDetector, Atomics) {
  with_every_schedule([] {
    kernels_race::AtomicResults results{};
    kernels_race::run_atomics(2, &results, nullptr);
    EXPECT_EQ(results.int_sum, 2 * 64);
  });
}

constexpr int kThreads = 128;

// Two buffers: each round writes one while the other may still be read, with one barrier a round.
__global__ void double_buffered(int rounds, int* values) {
  SIMT_SHARED(int, buffers, [2][kThreads]);
  int own = values[threadIdx.x];
  for (int round = 0; round < rounds; ++round) {
    int(&buffer)[kThreads] = buffers[round % 2];
    buffer[threadIdx.x] = own;
    __syncthreads();  // the buffer is complete; nobody reads the other any more
    own = buffer[(threadIdx.x + 37) % kThreads];
  }
  values[threadIdx.x] = own;
}

// Catches: two readers and a writer in different rounds taken to be at one time.
TEST(HealthyUnderRaceDetector, DoubleBuffer) {
  with_every_schedule([] {
    std::array<int, kThreads> values{};
    std::iota(values.begin(), values.end(), 0);
    simt::launch(double_buffered, 1, kThreads, 0, nullptr, 5, values.data());
    for (int i = 0; i < kThreads; ++i) {
      ASSERT_EQ(values[static_cast<size_t>(i)], (i + 5 * 37) % kThreads);
    }
  });
}

// Halves of a warp, in step of their own.
__global__ void half_warps(int* values) {
  SIMT_SHARED(int, slots, [32]);
  const unsigned half = threadIdx.x < 16 ? 0x0000ffffu : 0xffff0000u;
  for (int round = 0; round < 3; ++round) {
    slots[threadIdx.x] = static_cast<int>(threadIdx.x);
    __syncwarp(half);  // the half's slots are complete
    values[threadIdx.x] = slots[threadIdx.x ^ 15u];
    __syncwarp(half);  // they may be overwritten
  }
}

// Catches: the order of __syncwarp not heard, or that of its mask alone.
TEST(HealthyUnderRaceDetector, HalfWarps) {
  with_every_schedule([] {
    std::array<int, 32> values{};
    simt::launch(half_warps, 1, 32, 0, nullptr, values.data());
    EXPECT_EQ(values[16], 31);
  });
}

}  // namespace
}  // namespace packproof
