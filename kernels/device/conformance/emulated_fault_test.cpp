// What the executor must refuse of the wrappers in kernels/device/, with the kernel's line. The
// line constants count from their own line to the faulty one.
#include <gtest/gtest.h>

#include <string>

#include "kernels/device/instructions/atomics.cuh"
#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/device/instructions/mma.cuh"
#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::kernels_simt {
namespace {

std::string at_line(int line) { return "emulated_fault_test.cpp:" + std::to_string(line) + " in "; }

constexpr int kLoadLine = __LINE__ + 5;
__global__ void load_rows(int first_element, int lanes) {
  SIMT_SHARED_ALIGNED(16, std::uint16_t, tile, [32 * 8]);
  std::uint32_t fragment[4];
  if (static_cast<int>(threadIdx.x) < lanes)
    ldmatrix(fragment, tile + threadIdx.x * 8 + first_element);
}

// Catches: a row past the tile, before it, or misaligned, that is read without a word.
TEST(EmulatedFault, LdmatrixOutsideItsTile) {
  const auto run = [](int first_element) {
    simt::launch(load_rows, 1, 32, 0, nullptr, first_element, 32);
  };
  EXPECT_DEATH(run(8), at_line(kLoadLine) +
                           "load_rows: ldmatrix of 16 bytes that reach past the bounds of .*thread "
                           "\\(31,0,0\\)");
  EXPECT_DEATH(run(-8), at_line(kLoadLine) + "load_rows: ldmatrix of 16 bytes that reach past");
  EXPECT_DEATH(run(1), at_line(kLoadLine) +
                           "load_rows: ldmatrix of an address that is not a multiple of 16");
  run(0);
}

// Catches: an .aligned instruction that part of a warp may execute.
TEST(EmulatedFault, LdmatrixWithoutSomeLanes) {
  EXPECT_DEATH(simt::launch(load_rows, 1, 32, 0, nullptr, 0, 31),
               at_line(kLoadLine) +
                   "load_rows: ldmatrix needs all 32 lanes of a warp; lanes "
                   "0x80000000 have exited or do not exist");
  EXPECT_DEATH(simt::launch(load_rows, 1, 8, 0, nullptr, 0, 32), "lanes 0xffffff00 have exited");
}

constexpr int kOverreadLine = __LINE__ + 5;
__global__ void load_two_of(int rows) {
  SIMT_SHARED_ALIGNED(16, std::uint16_t, tile, [8 * 8]);
  std::uint32_t fragment[2];
  const unsigned row = threadIdx.x < static_cast<unsigned>(rows) ? threadIdx.x : 1000;
  ldmatrix(fragment, tile + (row % 8 + row / 16 * 8) * 8);
}

// Catches: addresses that the hardware ignores taken for wrong, or those it takes left unchecked.
TEST(EmulatedFault, LdmatrixX2ChecksSixteenRows) {
  simt::launch(load_two_of, 1, 32, 0, nullptr, 16);
  EXPECT_DEATH(simt::launch(load_two_of, 1, 32, 0, nullptr, 15), at_line(kOverreadLine));
}

constexpr int kStoreLine = __LINE__ + 4;
__global__ void store_rows(int first_element) {
  SIMT_SHARED_ALIGNED(16, std::uint16_t, tile, [8 * 8]);
  const std::uint32_t fragment[1] = {0};
  stmatrix(tile + threadIdx.x % 8 * 8 + first_element, fragment);
}

TEST(EmulatedFault, StmatrixOutsideItsTile) {
  EXPECT_DEATH(simt::launch(store_rows, 1, 32, 0, nullptr, 8),
               at_line(kStoreLine) + "store_rows: stmatrix of 16 bytes that reach past");
  simt::launch(store_rows, 1, 32, 0, nullptr, 0);
}

constexpr int kMmaLine = __LINE__ + 6;
__global__ void multiply(int lanes, float* result) {
  float sum[4] = {};
  const std::uint32_t a[4] = {};
  const std::uint32_t b[2] = {};
  if (static_cast<int>(threadIdx.x) < lanes) {
    mma_m16n8k16_bf16(sum, a, b, sum);
  } else {
    mma_m16n8k16_f16(sum, a, b, sum);
  }
  result[threadIdx.x] = sum[0];
}

// Catches: a warp whose lanes diverge around an mma.
TEST(EmulatedFault, LanesAtDifferentMmas) {
  float results[32];
  EXPECT_DEATH(simt::launch(multiply, 1, 32, 0, nullptr, 16, results),
               at_line(kMmaLine + 2) +
                   "multiply: divergent warp collective: this "
                   "mma.m16n8k16.f16 meets mma.m16n8k16.bf16 at .*:" +
                   std::to_string(kMmaLine));
  simt::launch(multiply, 1, 32, 0, nullptr, 32, results);
}

constexpr int kVectorLine = __LINE__ + 2;
__global__ void add_vector(float* slots) {
  red_add(reinterpret_cast<float2*>(slots), make_float2(1, 2));
}
constexpr int kSharedVectorLine = __LINE__ + 3;
__global__ void add_shared_vector() {
  SIMT_SHARED_ALIGNED(16, float, slots, [4]);
  red_add(reinterpret_cast<float4*>(slots), make_float4(1, 2, 3, 4));
}

// Catches: vector reductions that the hardware would refuse.
TEST(EmulatedFault, RedOfAVectorMisalignedOrInSharedMemory) {
  alignas(8) float slots[3] = {};
  simt::launch(add_vector, 1, 1, 0, nullptr, slots);
  EXPECT_EQ(slots[1], 2.0f);
  EXPECT_DEATH(simt::launch(add_vector, 1, 1, 0, nullptr, slots + 1),
               at_line(kVectorLine) +
                   "add_vector: red.add.v2.f32 of an address that is not a "
                   "multiple of 8 bytes");
  EXPECT_DEATH(simt::launch(add_shared_vector, 1, 1, 0, nullptr),
               at_line(kSharedVectorLine) +
                   "add_shared_vector: red.add.v4.f32 of an address in "
                   "shared memory");
}

// Catches: an over-write by an emulation, into which a sanitizer does not see.
TEST(EmulatedFault, RedPastAnAllocation) {
  if (!simt::detail::kAsan) GTEST_SKIP() << "needs AddressSanitizer";
  auto* slots = new float[2];
  EXPECT_DEATH(simt::launch(add_vector, 1, 1, 0, nullptr, slots + 2),
               at_line(kVectorLine) +
                   "add_vector: red.add.v2.f32 of 8 bytes that reach memory which "
                   "is not the caller's");
  delete[] slots;
}

}  // namespace
}  // namespace packproof::kernels_simt
