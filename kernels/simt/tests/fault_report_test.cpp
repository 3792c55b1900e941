// Every fault ends the process with a message that names the place. The line constants count
// from their own line to the faulty one, so that the expected line is exact.
#include <gtest/gtest.h>

#include <string>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/block/sanitizer_support.h"
#include "kernels/simt/runtime/options.h"

namespace packproof {
namespace {

constexpr unsigned kAllLanes = 0xffffffffu;

std::string at_line(int line) { return "fault_report_test.cpp:" + std::to_string(line); }

constexpr int kDeadlockBarrierLine = __LINE__ + 3;
__global__ void one_lane_goes_to_the_barrier(int* result) {
  if (threadIdx.x < 64 || threadIdx.x == 100) {
    __syncthreads();
  } else {
    *result = __shfl_sync(kAllLanes, *result, 0);
  }
}

// Threads 64-95 meet and exit; the rest of 96-127 wait for thread 100.
TEST(FaultReport, DeadlockNamesBlockThreadsAndLines) {
  int result = 0;
  auto run = [&] { simt::launch(one_lane_goes_to_the_barrier, 1, 128, 0, nullptr, &result); };
  const std::string expected =
      "simt: deadlock in block \\(0,0,0\\) of the kernel launched at .*" + at_line(__LINE__ - 2) +
      ": threads 0-63,100 wait at __syncthreads .*" + at_line(kDeadlockBarrierLine) +
      " in one_lane_goes_to_the_barrier; threads 96-99,101-127 wait at __shfl_sync .*" +
      at_line(kDeadlockBarrierLine + 2) + " in one_lane_goes_to_the_barrier with mask 0xffffffff";
  EXPECT_DEATH(run(), expected);
}

constexpr int kDivergentBarrierLine = __LINE__ + 3;
__global__ void barriers_at_two_lines() {
  if (threadIdx.x < 32) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}

TEST(FaultReport, DivergentBarrierNamesBothLines) {
  EXPECT_DEATH(simt::launch(barriers_at_two_lines, 1, 64, 0, nullptr),
               at_line(kDivergentBarrierLine + 2) +
                   " in barriers_at_two_lines: divergent block barrier: this __syncthreads meets "
                   "__syncthreads at .*" +
                   at_line(kDivergentBarrierLine) + "; block \\(0,0,0\\) thread \\(32,0,0\\)");
}

constexpr int kMaskLine = __LINE__ + 1;
__global__ void mask_leaves_lanes_out(unsigned* result) { *result = __ballot_sync(0x0000000fu, 1); }

TEST(FaultReport, MaskThatLeavesTheCallerOut) {
  unsigned result = 0;
  EXPECT_DEATH(simt::launch(mask_leaves_lanes_out, 1, 32, 0, nullptr, &result),
               at_line(kMaskLine) + ".*lane 4 calls __ballot_sync with mask 0x0000000f");
}

constexpr int kOverlapLine = __LINE__ + 3;
__global__ void masks_overlap() {
  if (threadIdx.x == 0) {
    __syncwarp(0x00000003u);
  } else {
    __syncwarp(kAllLanes);
  }
}

TEST(FaultReport, OverlappingMasks) {
  EXPECT_DEATH(simt::launch(masks_overlap, 1, 32, 0, nullptr),
               at_line(kOverlapLine + 2) +
                   ".*mask 0xffffffff overlaps the pending __syncwarp at .*" +
                   at_line(kOverlapLine) + " with mask 0x00000003");
}

constexpr int kTwoCollectivesLine = __LINE__ + 3;
__global__ void lanes_call_different_collectives(int* result) {
  if (threadIdx.x % 2 == 0) {
    *result = __any_sync(kAllLanes, 1);
  } else {
    *result = __all_sync(kAllLanes, 1);
  }
}

TEST(FaultReport, DifferentCollectivesMeet) {
  int result = 0;
  EXPECT_DEATH(simt::launch(lanes_call_different_collectives, 1, 32, 0, nullptr, &result),
               at_line(kTwoCollectivesLine + 2) + ".*this __all_sync meets __any_sync at .*" +
                   at_line(kTwoCollectivesLine));
}

__global__ void odd_width(int* result) { *result = __shfl_sync(kAllLanes, 1, 0, 12); }

TEST(FaultReport, ShuffleWidth) {
  int result = 0;
  EXPECT_DEATH(simt::launch(odd_width, 1, 32, 0, nullptr, &result),
               at_line(__LINE__ - 5) + ".*shuffle width 12 is not");
}

__global__ void nothing() {}

TEST(FaultReport, ShapesThatNoDeviceTakes) {
  const std::string here = at_line(__LINE__ + 1);
  EXPECT_DEATH(simt::launch(nothing, 1, 1025, 0, nullptr), here + ".*block of \\(1025,1,1\\)");
  EXPECT_DEATH(simt::launch(nothing, 1, dim3(1, 1, 65), 0, nullptr), "block of \\(1,1,65\\)");
  EXPECT_DEATH(simt::launch(nothing, 1, 0, 0, nullptr), "block of \\(0,1,1\\)");
  EXPECT_DEATH(simt::launch(nothing, dim3(1, 65536), 1, 0, nullptr), "grid of \\(1,65536,1\\)");
  EXPECT_DEATH(simt::launch(nothing, 1, 1, 227 * 1024 + 1, nullptr),
               "232449 bytes of dynamic shared memory; a block may have 232448");
  EXPECT_DEATH(simt::set_options({.os_threads = 0}), "os_threads is 0");
}

constexpr int kLargeStaticLine = __LINE__ + 2;
__global__ void large_static(char* result) {
  SIMT_SHARED(char, large, [40 * 1024]);
  SIMT_SHARED(char, more, [9 * 1024]);
  *result = large[0] + more[0];
}

TEST(FaultReport, MoreSharedMemoryThanABlockMayHave) {
  char result = 0;
  EXPECT_DEATH(simt::launch(large_static, 1, 1, 0, nullptr, &result),
               at_line(kLargeStaticLine + 1) + ".*reaches 50176 bytes with 'more'");
  EXPECT_DEATH(simt::launch(large_static, 1, 1, 200 * 1024, nullptr, &result),
               at_line(kLargeStaticLine) + ".*shared memory reaches 245760 bytes with 'large'");
}

constexpr int kTileLine = __LINE__ + 2;
__global__ void write_past_tile(int index) {
  SIMT_SHARED(int, tile, [30]);
  volatile int* out_of_the_compilers_sight = tile;
  out_of_the_compilers_sight[index] = 1;
}

// Catches: neighbouring shared memory overwritten without a word.
TEST(FaultReport, WritePastStaticSharedMemory) {
  const std::string expected = simt::detail::kAsan
                                   ? "use-after-poison"
                                   : "wrote past the bounds of tile at .*" + at_line(kTileLine);
  EXPECT_DEATH(simt::launch(write_past_tile, 1, 1, 0, nullptr, 30), expected);
  EXPECT_DEATH(simt::launch(write_past_tile, 1, 1, 0, nullptr, -1), expected);
}

__global__ void write_dynamic(int index) {
  SIMT_DYN_SHARED(smem);
  volatile unsigned char* out_of_the_compilers_sight = smem;
  out_of_the_compilers_sight[index] = 1;
}

TEST(FaultReport, WritePastDynamicSharedMemory) {
  const std::string expected =
      simt::detail::kAsan ? "use-after-poison" : "wrote past the bounds of dynamic shared memory";
  EXPECT_DEATH(simt::launch(write_dynamic, 1, 1, 100, nullptr, 100), expected);
  simt::launch(write_dynamic, 1, 1, 100, nullptr, 99);
}

__global__ void launch_within() { simt::launch(nothing, 1, 1, 0, nullptr); }

TEST(FaultReport, MisplacedCalls) {
  EXPECT_DEATH(simt::launch(launch_within, 1, 1, 0, nullptr), "launches another");
  EXPECT_DEATH(__syncthreads(), "__syncthreads is called outside a kernel");
}

}  // namespace
}  // namespace packproof
