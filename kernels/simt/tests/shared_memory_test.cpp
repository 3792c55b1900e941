#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <numeric>
#include <vector>

#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof {
namespace {

// Catches: a barrier that lets a reader through, and a tile that blocks share.
TEST(SharedMemory, TransposeThroughStaticTiles) {
  constexpr int kRows = 75;
  constexpr int kColumns = 130;
  std::vector<float> input(kRows * kColumns);
  std::iota(input.begin(), input.end(), 0.0f);
  std::vector<float> output(input.size(), -1.0f);
  kernels_simt::run_transpose(input.data(), kRows, kColumns, output.data(), nullptr);
  for (size_t row = 0; row < kRows; ++row) {
    for (size_t column = 0; column < kColumns; ++column) {
      ASSERT_EQ(output[column * kRows + row], input[row * kColumns + column]);
    }
  }
}

// Catches: static and dynamic memory that overlap; the largest block.
TEST(SharedMemory, ReverseThroughDynamicMemory) {
  for (int group : {32, 100, 1024}) {
    std::vector<int> values(static_cast<size_t>(3 * group));
    std::iota(values.begin(), values.end(), 0);
    std::vector<int> expected = values;
    for (int i = 0; i < 3; ++i) {
      std::reverse(expected.begin() + i * group, expected.begin() + (i + 1) * group);
    }
    kernels_simt::run_reverse(values.data(), group, 3, nullptr);
    EXPECT_EQ(values, expected);
  }
}

// Catches: instances of one function template that share a variable.
TEST(SharedMemory, TemplatesOfSeveralTypesHaveTheirOwn) {
  std::array<double, 3> results{};
  kernels_simt::run_template_sums(results.data(), nullptr);
  for (double sum : results) EXPECT_EQ(sum, 31 * 32 / 2);
}

TEST(SharedMemory, VectorAccessToAlignedBf16Rows) {
  constexpr int kRows = 9;
  constexpr int kDim = 24;
  constexpr std::array<int, 5> kCuSeqlens{0, 1, 1, 6, 8};
  alignas(16) std::array<__nv_bfloat16, kRows * kDim> x;
  alignas(16) std::array<__nv_bfloat16, kRows * kDim> y;
  for (size_t i = 0; i < x.size(); ++i) x[i] = __float2bfloat16(static_cast<float>(i % 32));
  y.fill(__float2bfloat16(-1.0f));
  kernels_simt::run_scale_segments(x.data(), kCuSeqlens.data(), 4, kRows, kDim, y.data(), nullptr);
  for (int row = 0; row < kRows; ++row) {
    const float scale = row < 1 ? 1.0f : (row < 6 ? 3.0f : 4.0f);
    for (int d = 0; d < kDim; ++d) {
      const auto i = static_cast<size_t>(row * kDim + d);
      const float expected = row < 8 ? __bfloat162float(x[i]) * scale : -1.0f;
      ASSERT_EQ(__bfloat162float(y[i]), expected) << "row " << row << " d " << d;
    }
  }
}

struct Seen {
  uint32_t static_word;
  uint32_t dynamic_word;
};

__global__ void read_then_write(Seen* seen) {
  SIMT_SHARED(uint32_t, word);
  SIMT_DYN_SHARED(smem);
  auto* dynamic_word = reinterpret_cast<uint32_t*>(smem + 96);
  seen[blockIdx.x] = {word, *dynamic_word};
  word = 123;
  *dynamic_word = 456;
}

// Catches: zeros, or what the block before left, in memory that a block has not written.
TEST(SharedMemory, EveryBlockStartsPoisoned) {
  std::array<Seen, 3> seen{};
  simt::launch(read_then_write, seen.size(), 1, 100, nullptr, seen.data());
  for (const Seen& block : seen) {
    EXPECT_EQ(block.static_word, 0xffffffffu);
    EXPECT_EQ(block.dynamic_word, 0xffffffffu);
  }
}

__global__ void addresses(uintptr_t* results) {
  SIMT_SHARED(float, plain, [5]);
  SIMT_SHARED_ALIGNED(16, float, aligned, [5]);
  SIMT_DYN_SHARED(smem);
  results[0] = reinterpret_cast<uintptr_t>(plain);
  results[1] = reinterpret_cast<uintptr_t>(aligned);
  results[2] = reinterpret_cast<uintptr_t>(smem);
}

// Catches: an arena so well aligned that an underaligned vector access works here only.
TEST(SharedMemory, NoBetterAlignedThanAsked) {
  std::array<uintptr_t, 3> results{};
  simt::launch(addresses, 1, 1, 8, nullptr, results.data());
  EXPECT_EQ(results[0] % 16, 8u);
  EXPECT_EQ(results[1] % 32, 16u);
  EXPECT_EQ(results[2] % 2048, 1024u);
}

}  // namespace
}  // namespace packproof
