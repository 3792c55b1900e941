#include "kernels/device/conformance/formats.h"

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "kernels/device/conformance/conformance.h"

namespace packproof::conformance {
namespace {

// Catches: a definition that is wrong for subnormals, at powers of two or at the largest number.
TEST(Formats, EveryNumberSurvivesARoundTrip) {
  for (int i = 0; i < 0x10000; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    if (!std::isnan(float_of_bf16(bits))) {
      EXPECT_EQ(bf16_of(float_of_bf16(bits)), bits);
    }
    if (!std::isnan(float_of_f16(bits))) {
      EXPECT_EQ(f16_of(float_of_f16(bits)), bits);
    }
    EXPECT_EQ(std::isnan(float_of_f16(bits)), (bits & 0x7fff) > 0x7c00);
  }
}

// Catches: a definition and CUDA's own conversions that round differently.
TEST(Formats, RoundingIsThatOfCudaOnTheHost) {
  for (const auto bits : random_bits<std::uint32_t>(100'000, 5)) {
    // Half of them in the range of f16, where rounding happens.
    const auto value =
        std::bit_cast<float>((bits & 1u) != 0 ? bits : (bits & 0x8fffffffu) + 0x30000000u);
    EXPECT_EQ(bf16_of(value), std::bit_cast<__nv_bfloat16_raw>(__float2bfloat16_rn(value)).x);
    EXPECT_EQ(f16_of(value), std::bit_cast<__half_raw>(__float2half_rn(value)).x);
  }
  EXPECT_EQ(f16_of(65519.996f), 0x7bff);
  EXPECT_EQ(f16_of(65520.0f), 0x7c00);
}

TEST(Formats, Tf32HasTenFractionBits) {
  EXPECT_TRUE(is_tf32(1.0f + 0x1p-10f));
  EXPECT_FALSE(is_tf32(1.0f + 0x1p-11f));
}

}  // namespace
}  // namespace packproof::conformance
