// A tile of a product by tensor copies, mbarriers and wgmma, against float64, and the faults that
// are reported. Layouts and sizes are checked by the conformance suite. The line constants count
// from their own line to the faulty one.
#include "kernels/device/instructions/wgmma.cuh"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/elect.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/device/instructions/register_budget.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/tests/product_test_kernel.cuh"
#include "kernels/simt/tests/schedule_sweep.h"

namespace packproof::kernels_simt {
namespace {

using bf16 = __nv_bfloat16;

std::string at_line(int line) { return "wgmma_test.cpp:" + std::to_string(line); }

// Catches: a wrong element anywhere between the tensors in global memory.
TEST(Wgmma, TileAgainstFloat64) {
  simt::under_schedules(10, [] { EXPECT_LT(error_of(ProductMistake::kNone), 1e-4); });
}

// Catches: an emulation that is too kind: poison that is not there, operands read at one time only.
TEST(Wgmma, MistakesShow) {
  EXPECT_FALSE(error_of(ProductMistake::kWrongSwizzle) < 1e-4);
  EXPECT_FALSE(error_of(ProductMistake::kWaitsForOneLess) < 1e-4);
  int shown = 0;
  simt::under_schedules(20, [&] { shown += !(error_of(ProductMistake::kFreesEarly) < 1e-4); });
  EXPECT_GT(shown, 10);
}

TEST(Wgmma, MistakesAreReported) {
  // The consumer frees stages before their loads have landed, and the producer fills them again.
  EXPECT_DEATH(error_of(ProductMistake::kNoFullWait),
               "1 arrivals at the mbarrier initialised at .*0 of 1");
  EXPECT_DEATH(error_of(ProductMistake::kExpectsLess),
               "deadlock .*16 bytes have come that were not expected");
}

constexpr int kFaultLine = __LINE__ + 12;
__global__ void faulty(int which, int* sink) {
  SIMT_SHARED_ALIGNED(1024, unsigned char, tile, [4096]);
  const int warp = static_cast<int>(threadIdx.x) / 32;
  const auto a = matrix_descriptor(tile, 1024, 128, Swizzle::kNone);
  const auto b = matrix_descriptor(tile + 2048, 128, 128, Swizzle::kNone);
  const auto late = matrix_descriptor(tile + 3072, 1024, 1024, Swizzle::kNone);
  const auto second_row = matrix_descriptor(tile + 128, 16, 1024, Swizzle::k128Bytes);
  const auto all_done = [] { wgmma_wait_group<0>(); };
  float d[4] = {};
  if (which > 0) wgmma_fence();
  // One fault a line.
  if (which == 0) wgmma<bf16>(d, a, b, true);
  if (which == 1) wgmma<bf16>(d, a, warp == 2 ? a : b, true);
  if (which == 2) wgmma<bf16>(d, a, b, threadIdx.x != 7);
  if (which == 3) wgmma<bf16>(d, a, late, true), wgmma_commit_group(), wgmma_wait_group<0>();
  if (which == 4) wgmma<bf16>(d, a, b, true), wgmma_commit_group(), wgmma_wait_group<1>();
  if (which == 5) wgmma<bf16>(d, a, b, true), wgmma_wait_group<0>(), wgmma_commit_group();
  if (which == 6 && warp < 3) wgmma<bf16>(d, a, b, true), wgmma_commit_group(), all_done();
  if (which == 7) wgmma<bf16>(d, a, b, true), wgmma_commit_group(), d[0] = 1, wgmma_wait_group<0>();
  if (which == 8) wgmma<bf16>(d, a, second_row, true);
  if (which == 9) matrix_descriptor(tile + 8, 16, 1024, Swizzle::k128Bytes);
  if (which == 10) matrix_descriptor(tile, 16, 1000, Swizzle::k128Bytes);
  *sink = static_cast<int>(d[0]);
}

TEST(Wgmma, FaultsAreReported) {
  const char* const messages[] = {
      "wgmma without a wgmma.fence before it",
      "wgmma of warp [0-3] differs in the descriptor of B from the one at .*which another warp",
      "wgmma with scale-d that differs among the lanes of warp 0",
      "wgmma.mma_async of 16 bytes that reach past the bounds of every shared variable",
      "warp 0 never waits for this wgmma",
      "warp 0 never waits for this wgmma",
      "warp 3 never issues this wgmma, which others of its warpgroup do",
      "accumulators of lane 0 of .* are written before wgmma.wait_group",
      "wgmma with B at shared address [0-9]+, within a pattern of the 128-byte swizzle",
      "matrix descriptor of shared address [0-9]+; it must be a multiple of 16",
      "matrix descriptor with a stride of 1000 bytes; it must be a multiple of 16"};
  int sink = 0;
  for (int which = 0; which < 11; ++which) {
    SCOPED_TRACE(which);
    EXPECT_DEATH(simt::launch(faulty, 1, 128, 0, nullptr, which, &sink),
                 at_line(kFaultLine + which) + " in faulty: .*(" + messages[which] + ")");
  }
  EXPECT_DEATH(simt::launch(faulty, 1, 96, 0, nullptr, 4, &sink),
               "a warp whose warpgroup is not whole: the block has 96 threads, not 128");
}

constexpr int kUnfencedLine = __LINE__ + 16;
__global__ void changes_registers(int which) {
  SIMT_SHARED_ALIGNED(1024, unsigned char, tile, [4096]);
  const auto b = matrix_descriptor(tile, 128, 128, Swizzle::kNone);
  for (int i = 0; i < 32; ++i) tile[32 * (threadIdx.x % 128) + static_cast<unsigned>(i)] = 0;
  fence_proxy_async_shared();
  __syncthreads();  // tile is written
  float d[4] = {};
  std::uint32_t a[4] = {};
  wgmma_fence();
  wgmma<bf16>(d, a, b, true);
  wgmma_commit_group();
  wgmma_wait_group<0>();
  if (which == 0) d[1] = 2;
  if (which == 1) a[2] = 2;
  if (which == 2) d[1] = 2, a[2] = 2, wgmma_fence();
  wgmma<bf16>(d, a, b, true);
  wgmma_commit_group();
  wgmma_wait_group<0>();
}

TEST(Wgmma, RegistersWrittenWithoutAFenceAreReported) {
  const auto run = [](int which) { simt::launch(changes_registers, 1, 128, 0, nullptr, which); };
  EXPECT_DEATH(run(0), at_line(kUnfencedLine) +
                           ".*accumulators of warp [0-3] were written since the "
                           "last wgmma.wait_group, without a wgmma.fence");
  EXPECT_DEATH(run(1), at_line(kUnfencedLine) +
                           ".*the fragment of A of lane 0 of warp [0-3] was written "
                           "since the last wgmma that reads it");
  run(2);
  run(3);
}

constexpr int kRegistersLine = __LINE__ + 3;
__global__ void register_budgets(int which) {
  const unsigned warp = threadIdx.x / 32;
  if (which == 0) warp == 1 ? decrease_registers<40>() : decrease_registers<24>();
  if (which == 1 && warp != 3) decrease_registers<40>();
  if (which == 2) increase_registers<256>();
  if (which == 3) warp < 4 ? decrease_registers<40>() : increase_registers<232>();
}

TEST(RegisterBudget, FaultsAreReported) {
  const auto run = [](int which, int threads) {
    simt::launch(register_budgets, 1, threads, 0, nullptr, which);
  };
  EXPECT_DEATH(run(0, 128), at_line(kRegistersLine) +
                                ".*setmaxnreg.dec of warp 1 to 40 registers, "
                                "where another warp .* sets 24");
  EXPECT_DEATH(run(1, 128),
               at_line(kRegistersLine + 1) + ".*warp 3 never comes to this setmaxnreg");
  EXPECT_DEATH(run(2, 384),
               at_line(kRegistersLine + 2) + ".*setmaxnreg.inc to 256: .*98304 registers");
  EXPECT_DEATH(run(2, 96), at_line(kRegistersLine + 2) + ".*warpgroup that is not whole");
  run(3, 256);
}

__global__ void elects(unsigned* elected) {
  for (int i = 0; i < 3; ++i) {
    if (elect_one()) elected[i] |= 1u << threadIdx.x;
  }
  if (threadIdx.x < 8 && elect_one(0xffu)) elected[3] |= 1u << threadIdx.x;
}

// Catches: more or fewer lanes than one; a lane that changes; code that may take it for lane 0.
TEST(Elect, OneLaneTheSameForAMask) {
  int other_than_zero = 0;
  simt::under_schedules(20, [&] {
    unsigned elected[4] = {};
    simt::launch(elects, 1, 32, 0, nullptr, elected);
    EXPECT_EQ(__builtin_popcount(elected[0]), 1);
    EXPECT_EQ(elected[1], elected[0]);
    EXPECT_EQ(elected[2], elected[0]);
    EXPECT_EQ(__builtin_popcount(elected[3] & 0xffu), 1);
    other_than_zero += elected[0] != 1;
  });
  EXPECT_GT(other_than_zero, 10);
}

}  // namespace
}  // namespace packproof::kernels_simt
