#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "kernels/simt/runtime/options.h"
#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof {
namespace {

class Atomics : public testing::TestWithParam<int> {
 protected:
  void SetUp() override { simt::set_options({.os_threads = GetParam()}); }
  void TearDown() override { simt::set_options({}); }
};

// Catches: an update that is lost between two blocks on two OS threads.
TEST_P(Atomics, NoUpdateIsLost) {
  constexpr int kBlocks = 400;
  constexpr int kThreads = kBlocks * 64;
  kernels_simt::AtomicResults results{};
  results.int_and = -1;
  kernels_simt::run_atomics(kBlocks, &results, nullptr);
  EXPECT_EQ(results.int_sum, kThreads);
  EXPECT_EQ(results.unsigned_sum, static_cast<unsigned>(kThreads));
  EXPECT_EQ(results.wide_sum, static_cast<unsigned long long>(kThreads) << 32);
  EXPECT_EQ(results.float_sum, static_cast<float>(kThreads));
  EXPECT_EQ(results.double_sum, 0.5 * kThreads);
  EXPECT_EQ(results.int_max, kThreads - 1);
  EXPECT_EQ(results.int_min, 1 - kThreads);
  EXPECT_EQ(results.int_or, 0x7fffffff);
  EXPECT_EQ(results.int_and, ~0xff);
  EXPECT_EQ(results.exchanged, 7u);
  EXPECT_EQ(results.int_cas_count, kThreads);
}

// Catches: workers that share per-block state.
TEST_P(Atomics, BlockSumsOfManyBlocks) {
  std::vector<float> values(100'003);
  std::iota(values.begin(), values.end(), 0.0f);
  for (float& value : values) value = static_cast<float>(static_cast<int>(value) % 7);
  const float expected = std::accumulate(values.begin(), values.end(), 0.0f);
  float total = 0;
  kernels_simt::run_block_sums(values.data(), static_cast<int>(values.size()), &total, nullptr);
  EXPECT_EQ(total, expected);  // small integers: exact in any order
}

INSTANTIATE_TEST_SUITE_P(OsThreads, Atomics, testing::Values(1, 2));

}  // namespace
}  // namespace packproof
