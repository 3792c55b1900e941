#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof {
namespace {

// The PTX ISA's rule for shfl.sync, lane by lane, written apart from the executor's.
int expected_source(int kind, int lane, int width, int distance) {
  const int first = lane / width * width;
  const int last = first + width - 1;
  switch (kind) {
    case 0:
      return first + distance % width;
    case 1:
      return lane - distance >= first ? lane - distance : lane;
    case 2:
      return lane + distance <= last ? lane + distance : lane;
    default:
      return (lane ^ distance) <= last ? lane ^ distance : lane;
  }
}

// Catches: a group's edge off by one, width ignored, up and down swapped, clamping in xor.
template <class T>
void check_shuffles(void (*run)(int, int, T*, cudaStream_t)) {
  for (int width : {1, 2, 4, 8, 16, 32}) {
    for (int distance = 0; distance < 32; ++distance) {
      std::array<T, 128> results{};
      run(width, distance, results.data(), nullptr);
      for (int i = 0; i < 128; ++i) {
        const int source = expected_source(i / 32, i % 32, width, distance);
        ASSERT_EQ(results[static_cast<size_t>(i)], static_cast<T>(100 + source))
            << "kind " << i / 32 << " lane " << i % 32 << " width " << width << " distance "
            << distance;
      }
    }
  }
}

TEST(WarpCollectives, ShufflesMoveIntsAsPtxSays) { check_shuffles(kernels_simt::run_int_shuffles); }

// Catches: only four bytes moved.
TEST(WarpCollectives, ShufflesMoveDoublesAsPtxSays) {
  check_shuffles(kernels_simt::run_double_shuffles);
}

// Catches: groups of a warp mixed, or predicates of lanes outside the mask counted.
TEST(WarpCollectives, HalfWarpsVoteApart) {
  for (unsigned predicates : {0u, 0xffffffffu, 0x0000ffffu, 0x80000001u, 0xfffe7fffu}) {
    std::array<unsigned, 96> results{};
    kernels_simt::run_half_warp_votes(predicates, results.data(), nullptr);
    for (unsigned lane = 0; lane < 32; ++lane) {
      const unsigned half = lane < 16 ? 0x0000ffffu : 0xffff0000u;
      EXPECT_EQ(results[lane], predicates & half);
      EXPECT_EQ(results[32 + lane], (predicates & half) != 0);
      EXPECT_EQ(results[64 + lane], (predicates & half) == half);
    }
  }
}

// Catches: signed order used for unsigned, and overflow that is undefined instead of wrapping.
TEST(WarpCollectives, ReductionsOrderSignedAndUnsignedApart) {
  std::array<int, 32> values{};
  for (int i = 0; i < 32; ++i) values[static_cast<size_t>(i)] = i * 69'000'000 - 16;
  unsigned sum = 0;
  for (int value : values) sum += static_cast<unsigned>(value);
  std::array<int, 192> results{};
  kernels_simt::run_reductions(values.data(), results.data(), nullptr);
  auto as_unsigned = [](int a, int b) {
    return static_cast<unsigned>(a) < static_cast<unsigned>(b);
  };
  for (size_t lane = 0; lane < 32; ++lane) {
    EXPECT_EQ(results[lane], static_cast<int>(sum));
    EXPECT_EQ(results[32 + lane], *std::min_element(values.begin(), values.end()));
    EXPECT_EQ(results[64 + lane], *std::max_element(values.begin(), values.end()));
    EXPECT_EQ(results[96 + lane], static_cast<int>(sum));
    EXPECT_EQ(results[128 + lane], *std::min_element(values.begin(), values.end(), as_unsigned));
    EXPECT_EQ(results[160 + lane], *std::max_element(values.begin(), values.end(), as_unsigned));
  }
}

// Catches: a warp that waits for lanes which a block of 48 does not have.
TEST(WarpCollectives, PartialWarpHasOnlyItsLanes) {
  std::vector<int> results(48, -1);
  kernels_simt::run_partial_warp_sum(48, results.data(), nullptr);
  for (size_t i = 0; i < 48; ++i) EXPECT_EQ(results[i], i < 32 ? 31 * 32 / 2 : 15 * 16 / 2);
}

// Catches: lanes that have exited are waited for.
TEST(WarpCollectives, ExitedLanesDoNotCount) {
  std::array<unsigned, 32> results{};
  kernels_simt::run_ballot_after_exit(results.data(), nullptr);
  for (size_t lane = 0; lane < 32; ++lane) EXPECT_EQ(results[lane], lane < 16 ? 0xffffu : 0u);
}

__global__ void shuffle_from_lane_outside(float* results) {
  if (threadIdx.x >= 16) return;
  results[threadIdx.x] = __shfl_sync(0x0000ffffu, 1.0f, 20);
}

// Catches: a stale value passed off as one of a lane that takes no part. Undefined on a device.
TEST(WarpCollectives, ValueOfAbsentLaneIsPoison) {
  std::array<float, 16> results{};
  simt::launch(shuffle_from_lane_outside, 1, 32, 0, nullptr, results.data());
  for (float value : results) EXPECT_EQ(std::bit_cast<unsigned>(value), 0xffffffffu);
}

__global__ void late_exits(unsigned* result) {
  if (threadIdx.x == 0) *result = __ballot_sync(0xffffffffu, 1);
}

// Catches: the exit of the last missing lane does not complete a collective.
TEST(WarpCollectives, ExitsCompleteAPendingCollective) {
  unsigned result = 0;
  simt::launch(late_exits, 1, 32, 0, nullptr, &result);
  EXPECT_EQ(result, 1u);
}

// Catches: threads that have exited are waited for at a barrier, or vote.
TEST(BlockBarrier, VotesCountThreadsThatStay) {
  for (int stay : {1, 2, 31, 33, 64}) {
    std::array<int, 192> results{};
    kernels_simt::run_block_votes(stay, results.data(), nullptr);
    for (int thread = 0; thread < 64; ++thread) {
      const auto* own = &results[static_cast<size_t>(3 * thread)];
      EXPECT_EQ(own[0], thread < stay ? stay / 2 : -1);
      EXPECT_EQ(own[1], thread < stay ? 0 : -1);
      EXPECT_EQ(own[2], thread < stay ? stay > 1 : -1);
    }
  }
}

}  // namespace
}  // namespace packproof
