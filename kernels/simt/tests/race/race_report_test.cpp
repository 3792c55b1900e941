// Every race ends the process with a message that names both accesses. This file is compiled under
// the race detector. Line constants count from their own line.
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "kernels/simt/api/simt.h"
#include "kernels/simt/runtime/options.h"

namespace packproof {
namespace {

constexpr unsigned kAllLanes = 0xffffffffu;
constexpr int kThreads = 64;

std::string at_line(int line, const std::string& kernel) {
  return "kernels/simt/tests/race/race_report_test.cpp:" + std::to_string(line) + " in " + kernel;
}

constexpr int kBarrierLine = __LINE__ + 3;
__global__ void without_barrier(int* values) {
  SIMT_SHARED(int, slots, [kThreads]);
  slots[threadIdx.x] = 1;
  values[threadIdx.x] = slots[(threadIdx.x + 32) % kThreads];
}

// Catches: a read that nothing orders after another warp's write.
TEST(RaceReport, MissingBarrierNamesBothLines) {
  std::array<int, kThreads> values{};
  auto run = [&] { simt::launch(without_barrier, 1, kThreads, 0, nullptr, values.data()); };
  const std::string launched = "the kernel was launched at .*:" + std::to_string(__LINE__ - 1);
  EXPECT_DEATH(run(),
               "simt: data race on 4 bytes of slots from byte 128: write by thread \\(32,0,0\\) of "
               "block \\(0,0,0\\) at " +
                   at_line(kBarrierLine, "without_barrier") +
                   ", after read by thread \\(0,0,0\\) of block \\(0,0,0\\) at " +
                   at_line(kBarrierLine + 1, "without_barrier") +
                   "; a barrier must stand between them; " + launched);
}

constexpr int kWarpLine = __LINE__ + 4;
template <bool kHasSync>
__global__ void pass_in_warp(float* values) {
  SIMT_SHARED(float, row, [32]);
  row[threadIdx.x] = 2.0f;
  if constexpr (kHasSync) __syncwarp();
  values[threadIdx.x] = row[threadIdx.x ^ 1u] + __shfl_sync(kAllLanes, 1.0f, 0);
}

// Catches: lanes taken to run in lockstep.
TEST(RaceReport, MissingSyncwarp) {
  std::array<float, 32> values{};
  simt::launch(pass_in_warp<true>, 1, 32, 0, nullptr, values.data());
  EXPECT_DEATH(simt::launch(pass_in_warp<false>, 1, 32, 0, nullptr, values.data()),
               at_line(kWarpLine, "pass_in_warp<false>") + ", after read .*" +
                   at_line(kWarpLine + 2, "pass_in_warp<false>") + "; __syncwarp\\(\\)");
}

__global__ void shuffle_is_no_barrier(float* values) {
  SIMT_SHARED(float, row, [32]);
  row[threadIdx.x] = 2.0f;
  const float other = __shfl_sync(kAllLanes, 1.0f, 0);
  values[threadIdx.x] = other + row[threadIdx.x ^ 1u];
}

// Catches: a shuffle taken for a barrier, though the executor lets all lanes write before it.
TEST(RaceReport, ShufflesOrderNoMemory) {
  std::array<float, 32> values{};
  EXPECT_DEATH(simt::launch(shuffle_is_no_barrier, 1, 32, 0, nullptr, values.data()),
               "data race on 4 bytes of row");
}

__global__ void read_from_other_half(int* values) {
  SIMT_SHARED(int, slots, [32]);
  slots[threadIdx.x] = 1;
  __syncwarp(threadIdx.x < 16 ? 0x0000ffffu : 0xffff0000u);
  values[threadIdx.x] = slots[threadIdx.x ^ 16u];
}

// Catches: a barrier of some lanes that orders others too.
TEST(RaceReport, SyncwarpOrdersItsMaskAlone) {
  std::array<int, 32> values{};
  EXPECT_DEATH(simt::launch(read_from_other_half, 1, 32, 0, nullptr, values.data()),
               "data race on 4 bytes of slots");
}

constexpr int kReaderLine = __LINE__ + 5;
__global__ void first_of_three_readers_is_not_waited_for(int* results) {
  SIMT_SHARED(int, flag);
  if (threadIdx.x == 31) flag = 1;
  __syncthreads();
  if (threadIdx.x <= 2) results[threadIdx.x] = flag;
  if (threadIdx.x >= 1 && threadIdx.x <= 3) __syncwarp(0x0000000eu);
  if (threadIdx.x == 3) flag = 2;
}

// Catches: a detector that remembers the last reader, or the last two.
TEST(RaceReport, NoReaderIsForgotten) {
  std::array<int, 3> results{};
  EXPECT_DEATH(
      simt::launch(first_of_three_readers_is_not_waited_for, 1, 32, 0, nullptr, results.data()),
      "write by thread \\(3,0,0\\) .*" +
          at_line(kReaderLine + 2, "first_of_three_readers_is_not_waited_for") +
          ", after read by thread \\(0,0,0\\) .*" +
          at_line(kReaderLine, "first_of_three_readers_is_not_waited_for"));
}

__global__ void atomic_meets_plain(int* total) {
  SIMT_SHARED(int, sum);
  if (threadIdx.x == 0) sum = 0;
  __syncthreads();  // sum is 0
  atomicAdd(&sum, 1);
  if (threadIdx.x == 40) *total = sum;
}

// Catches: atomic accesses that order nothing, taken to order plain ones.
TEST(RaceReport, AtomicAgainstPlain) {
  int total = 0;
  EXPECT_DEATH(simt::launch(atomic_meets_plain, 1, kThreads, 0, nullptr, &total),
               "data race on 4 bytes of sum.*read by thread \\(40,0,0\\).*after atomic or volatile "
               "write .*or both be atomic");
}

constexpr int kBlocksLine = __LINE__ + 2;
__global__ void blocks_write_one_place(int* place) {
  if (threadIdx.x == 0) *place = static_cast<int>(blockIdx.x);
}

// Catches: blocks taken to be in order because they run so here.
TEST(RaceReport, BetweenBlocks) {
  int place = 0;
  EXPECT_DEATH(simt::launch(blocks_write_one_place, 3, 32, 0, nullptr, &place),
               "data race on 4 bytes of global memory: write by thread \\(0,0,0\\) of block "
               "\\(1,0,0\\) at " +
                   at_line(kBlocksLine, "blocks_write_one_place") +
                   ", after write by thread \\(0,0,0\\) of block \\(0,0,0\\) at .*order blocks");
  simt::launch(blocks_write_one_place, 1, 32, 0, nullptr, &place);
  simt::launch(blocks_write_one_place, 1, 32, 0, nullptr, &place);  // launches are in order
}

__global__ void own_bytes(unsigned char* bytes, uint4* wide) {
  bytes[threadIdx.x] = 1;
  wide[threadIdx.x] = uint4{1, 2, 3, 4};
}
__global__ void overlapping_vectors(uint4* wide) {
  reinterpret_cast<unsigned*>(wide)[threadIdx.x + 3] = 1;
  if (threadIdx.x == 0) wide[1] = uint4{1, 2, 3, 4};
}

// Catches: neighbours in one cell of the shadow taken for one place, and wide accesses that are
// seen only at their first bytes.
TEST(RaceReport, BytesAreApart) {
  std::array<unsigned char, 32> bytes{};
  std::array<uint4, 32> wide{};
  simt::launch(own_bytes, 1, 32, 0, nullptr, bytes.data() + 0, wide.data());
  EXPECT_DEATH(simt::launch(overlapping_vectors, 1, 32, 0, nullptr, wide.data()),
               "data race on 4 bytes of global memory: write by thread \\(1,0,0\\)");
}

struct Big {
  int words[24];
};
__global__ void copies(Big* values, int bytes) {
  SIMT_SHARED(Big, staged);
  if (threadIdx.x == 0) memcpy(&staged, values, static_cast<size_t>(bytes));
  if (threadIdx.x == 1) values[1] = staged;
}

// Catches: copies that the compiler expands, or calls a library for, behind the detector's back.
TEST(RaceReport, CopiesAreSeen) {
  std::array<Big, 2> values{};
  EXPECT_DEATH(simt::launch(copies, 1, 32, 0, nullptr, values.data(), 96),
               "data race on 96 bytes of staged from byte 0: read by thread \\(1,0,0\\)");
}

// Catches: a seed that a report does not name.
TEST(RaceReport, NamesTheSchedule) {
  simt::set_options({.schedule = simt::Schedule::kRandom, .seed = 17});
  std::array<int, kThreads> values{};
  EXPECT_DEATH(simt::launch(without_barrier, 1, kThreads, 0, nullptr, values.data()),
               "data race .*; schedule race:17\n");
  simt::set_options({});
}

}  // namespace
}  // namespace packproof
