// The suite itself: that it sees what it must.
#include "kernels/device/conformance/conformance.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "kernels/simt/block/sanitizer_support.h"

namespace packproof::conformance {
namespace {

class Suite : public ConformanceTest {};
PACKPROOF_CONFORMANCE_SUITE(Suite);

// Catches: contents shifted or lost on the way to the target and back.
TEST_P(Suite, BufferKeepsItsContents) {
  const std::vector<int> contents{1, -2, 3};
  EXPECT_EQ(TargetBuffer<int>(GetParam(), contents).read(), contents);
  EXPECT_EQ(TargetBuffer<int>(GetParam(), 2).read(), std::vector<int>(2, -1));
}

// Catches: a kernel's write past its buffer that no one reports. Under ASan, ASan does.
TEST_P(Suite, DamagedGuardIsReported) {
  if (GetParam() == Target::cuda || simt::detail::kAsan) GTEST_SKIP();
  for (const ptrdiff_t index : {-1, 2}) {
    TargetBuffer<int> buffer(GetParam(), 2);
    volatile int* out_of_the_compilers_sight = buffer.data();
    out_of_the_compilers_sight[index] = 0;
    EXPECT_THROW(buffer.read(), std::runtime_error);
  }
}

// Catches: a comparison that accepts other bits.
TEST(Comparison, NamesTheFirstElementThatDiffers) {
  const std::vector<std::uint16_t> expected{1, 2, 3, 0x8000};
  expect_same_bits(expected, expected);
  EXPECT_NONFATAL_FAILURE(
      expect_same_bits({1, 5, 3, 0}, expected),
      "2 of 4 elements differ; the first is element 1: 0x0005, expected 0x0002");
}

// Catches: a bound that NaNs or infinities slip through.
TEST(Comparison, BoundsHoldForSpecialValues) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::nanf("");
  using One = std::vector<float>;
  const One bound{0.5f};
  expect_within(One{1.5f}, One{1.0f}, bound);
  expect_within(One{nan}, One{nan}, bound);
  expect_within(One{infinity}, One{infinity}, bound);
  EXPECT_NONFATAL_FAILURE(expect_within(One{1.75f}, One{1.0f}, bound), "element 0 is 1.75");
  EXPECT_NONFATAL_FAILURE(expect_within(One{nan}, One{1.0f}, bound), "element 0 is nan");
  EXPECT_NONFATAL_FAILURE(expect_within(One{1.0f}, One{nan}, bound), "expected nan");
  EXPECT_NONFATAL_FAILURE(expect_within(One{infinity}, One{-infinity}, One{infinity}), "is inf");
}

}  // namespace
}  // namespace packproof::conformance
