#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <type_traits>

#include "kernels/simt/api/simt.h"

namespace packproof {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Catches: a mixed call that deduces another type than CUDA's overloads do, or is ambiguous.
TEST(HostIntrinsics, MinAndMaxConvertAsCuda) {
  static_assert(std::is_same_v<decltype(min(1, 1u)), unsigned>);
  static_assert(std::is_same_v<decltype(max(1.0f, 1.0)), double>);
  EXPECT_EQ(min(-1, 5u), 5u);
  EXPECT_EQ(min(-1, 5), -1);
  EXPECT_EQ(max(2LL, 3LL), 3);
  EXPECT_EQ(max(kNan, 1.0f), 1.0f);
  EXPECT_EQ(min(1.0f, kNan), 1.0f);
}

// Catches: a host builtin that is undefined at 0 used as it is.
TEST(HostIntrinsics, BitCountsAreDefinedAtZero) {
  EXPECT_EQ(__clz(0), 32);
  EXPECT_EQ(__clz(1), 31);
  EXPECT_EQ(__clzll(0), 64);
  EXPECT_EQ(__ffs(0), 0);
  EXPECT_EQ(__ffs(8), 4);
  EXPECT_EQ(__popc(0xf0f0f0f0u), 16);
  EXPECT_EQ(__brev(1u), 0x80000000u);
}

TEST(HostIntrinsics, BytePermuteSelectsAndSpreadsSigns) {
  EXPECT_EQ(__byte_perm(0x33221100u, 0x77665544u, 0x5140u), 0x55114400u);
  EXPECT_EQ(__byte_perm(0x00008000u, 0, 0x0009u), 0x000000ffu);
}

TEST(HostIntrinsics, HighHalvesOfProducts) {
  EXPECT_EQ(__umulhi(0xffffffffu, 2u), 1u);
  EXPECT_EQ(__mulhi(-2, 1), -1);
}

// Catches: a cast that is undefined where the device saturates.
TEST(HostIntrinsics, ConversionsSaturate) {
  EXPECT_EQ(__float2int_rn(2.5f), 2);
  EXPECT_EQ(__float2int_rn(3.5f), 4);
  EXPECT_EQ(__float2int_rd(-0.5f), -1);
  EXPECT_EQ(__float2int_ru(0.5f), 1);
  EXPECT_EQ(__float2int_rz(1e20f), std::numeric_limits<int>::max());
  EXPECT_EQ(__float2int_rz(kNan), 0);
  EXPECT_EQ(__float2uint_rz(-3.0f), 0u);
}

TEST(HostIntrinsics, FloatFunctions) {
  EXPECT_EQ(__float_as_uint(1.0f), 0x3f800000u);
  EXPECT_EQ(__uint_as_float(0x3f800000u), 1.0f);
  EXPECT_EQ(rsqrtf(4.0f), 0.5f);
  EXPECT_EQ(__frcp_rn(4.0f), 0.25f);
  EXPECT_EQ(__fdividef(1.0f, 4.0f), 0.25f);
  EXPECT_EQ(__saturatef(kNan), 0.0f);
  EXPECT_EQ(__saturatef(2.0f), 1.0f);
  EXPECT_NEAR(__expf(1.0f), std::exp(1.0f), 1e-6f);
}

// Catches: macros that rewrite CUDA's own member names.
TEST(HostIntrinsics, CoordinatesAreNotMacros) {
  cudaDeviceProp properties{};
  properties.warpSize = 32;
  cudaLaunchConfig_t configuration{};
  configuration.gridDim = dim3(2);
  configuration.blockDim = dim3(3);
  EXPECT_EQ(configuration.gridDim.x + configuration.blockDim.x, 5u);
  EXPECT_EQ(properties.warpSize, warpSize);
}

}  // namespace
}  // namespace packproof
