// Every 16-bit pattern, and every place where rounding can go wrong, against Eigen's own types.
#include "cases/core/low_precision.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <Eigen/Core>

namespace packproof {
namespace {

struct Format {
  const char* name;
  int fraction_bits;
  std::uint16_t infinity;
  float (*to_float)(std::uint16_t);
  std::uint16_t (*from_double)(double);
  float (*by_eigen)(std::uint16_t);
  std::uint16_t (*eigen_from_float)(float);
};

const Format kFormats[] = {
    {"bf16", 7, 0x7f80, bf16_to_float, bf16_from_double,
     [](std::uint16_t b) {
       return static_cast<float>(Eigen::numext::bit_cast<Eigen::bfloat16>(b));
     },
     [](float f) { return Eigen::numext::bit_cast<std::uint16_t>(Eigen::bfloat16(f)); }},
    {"fp16", 10, 0x7c00, fp16_to_float, fp16_from_double,
     [](std::uint16_t b) { return static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(b)); },
     [](float f) { return Eigen::numext::bit_cast<std::uint16_t>(Eigen::half(f)); }},
};

class LowPrecision : public testing::TestWithParam<Format> {
 protected:
  const Format& format() const { return GetParam(); }
  double value(unsigned bits) const {
    return static_cast<double>(format().to_float(static_cast<std::uint16_t>(bits)));
  }
};

TEST_P(LowPrecision, EveryPatternMeansWhatEigenSays) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const float ours = format().to_float(static_cast<std::uint16_t>(bits));
    const float eigen = format().by_eigen(static_cast<std::uint16_t>(bits));
    if (std::isnan(eigen)) {
      ASSERT_TRUE(std::isnan(ours)) << bits;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(ours), std::bit_cast<std::uint32_t>(eigen)) << bits;
    }
  }
}

TEST_P(LowPrecision, EveryPatternComesBack) {
  const unsigned quiet = 1u << (format().fraction_bits - 1);
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const unsigned back = format().from_double(value(bits));
    const bool is_nan = (bits & 0x7fffu) > format().infinity;
    ASSERT_EQ(back, is_nan ? bits | quiet : bits);
  }
}

TEST_P(LowPrecision, HalfwayGoesToEvenAndItsNeighboursToTheNearest) {
  for (unsigned low = 0; low + 1 <= format().infinity; ++low) {
    const unsigned high = low + 1;
    // The first number beyond the range takes infinity's place in the sequence.
    const double top = high == format().infinity ? 2 * value(low) - value(low - 1) : value(high);
    const double half = (value(low) + top) / 2;
    const unsigned even = (low & 1) == 0 ? low : high;
    ASSERT_EQ(format().from_double(half), even) << low;
    ASSERT_EQ(format().from_double(std::nextafter(half, 0)), low);
    ASSERT_EQ(format().from_double(std::nextafter(half, 1e300)), high);
    ASSERT_EQ(format().from_double(-half), even | 0x8000u);
  }
}

TEST_P(LowPrecision, AgreesWithEigenOnFloats) {
  for (std::uint64_t bits = 0; bits < 0x100000000u; bits += 4093) {
    const float f = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (std::isnan(f)) continue;
    ASSERT_EQ(format().from_double(static_cast<double>(f)), format().eigen_from_float(f)) << f;
  }
}

TEST_P(LowPrecision, ExtremesOfDouble) {
  const auto from = format().from_double;
  EXPECT_EQ(from(std::numeric_limits<double>::max()), format().infinity);
  EXPECT_EQ(from(-std::numeric_limits<double>::max()), format().infinity | 0x8000u);
  EXPECT_EQ(from(std::numeric_limits<double>::denorm_min()), 0);
  EXPECT_EQ(from(-std::numeric_limits<double>::min()), 0x8000);
  EXPECT_GT(from(std::numeric_limits<double>::quiet_NaN()) & 0x7fff, format().infinity);
  // A payload only in bits that are dropped must not turn the NaN into infinity.
  EXPECT_GT(from(std::bit_cast<double>(0x7ff0000000000001u)) & 0x7fff, format().infinity);
}

INSTANTIATE_TEST_SUITE_P(Formats, LowPrecision, testing::ValuesIn(kFormats),
                         [](const auto& param_info) { return param_info.param.name; });

TEST(LowPrecisionFromDouble, RoundsOnce) {
  // Just above halfway: through float it would become the tie and fall to even.
  EXPECT_EQ(bf16_from_double(1 + 0x1p-8 + 0x1p-40), 0x3f81);
  EXPECT_EQ(fp16_from_double(1 + 0x1p-11 + 0x1p-40), 0x3c01);
}

}  // namespace
}  // namespace packproof
