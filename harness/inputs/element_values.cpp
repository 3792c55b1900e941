// Bits must not depend on the compiler. So: integers for all that can be; no libm; in double only
// products, each rounded by itself. A product that feeds no sum cannot be contracted into an FMA,
// whatever -ffp-contract says, and FLT_EVAL_METHOD 0 rules out excess precision.
#include "harness/inputs/element_values.h"

#include <cfloat>
#include <limits>
#include <stdexcept>

#ifdef __FAST_MATH__
#error "element_values.cpp must not be compiled with -ffast-math: inputs would lose their bits"
#endif
static_assert(FLT_EVAL_METHOD == 0, "double arithmetic must round to double at each step");

namespace packproof::inputs {
namespace {

// The sum of 8 uniform 16-bit integers (Irwin-Hall) has this mean and deviation: 8 * 65535 / 2 and
// sqrt(8 * (65536^2 - 1) / 12).
constexpr std::int32_t kBellMean = 262140;
constexpr double kInverseBellDeviation = 1.0 / 53509.91992145008;

// Stream of the draws that place specials. Element indexes stay below it.
constexpr std::uint64_t kSpecialsOffset = std::uint64_t{1} << 63;
constexpr std::uint32_t kElementsPerSpecial = 64;

std::uint32_t below(std::uint32_t random, std::uint32_t bound) {
  return static_cast<std::uint32_t>((std::uint64_t{random} * bound) >> 32);
}

double bell(const PhiloxCounter& random, double scale) {
  std::int32_t sum = -kBellMean;
  for (std::uint32_t word : random)
    sum += static_cast<std::int32_t>((word & 0xffff) + (word >> 16));
  return static_cast<double>(sum) * kInverseBellDeviation * scale;
}

double spread_out(const PhiloxCounter& random, double scale, Spread spread) {
  if (spread == Spread::fraction) return static_cast<double>(random[0] >> 8) * 0x1p-24 * scale;
  const double value = bell(random, scale);
  return spread == Spread::negative && value > 0 ? -value : value;
}

// 2^exponent, exactly.
double power_of_two(int exponent) {
  double value = 1;
  for (; exponent > 0; --exponent) value *= 2;
  for (; exponent < 0; ++exponent) value *= 0.5;
  return value;
}

int largest_exponent(DType dtype) {
  switch (dtype) {
    case DType::fp16:
      return 15;
    case DType::bf16:
    case DType::fp32:
      return 127;
    case DType::fp64:
      return 1023;
    default:
      throw std::logic_error("not a floating dtype");
  }
}

// +-m * 2^(exponent - 7) with m in 128..255: eight significant bits, which every dtype holds.
double short_number(const PhiloxCounter& random, int exponent) {
  const auto significand = static_cast<double>(128 + below(random[0], 128));
  const double magnitude = significand * power_of_two(exponent - 7);
  return (random[1] >> 31) != 0 ? -magnitude : magnitude;
}

double special(std::uint32_t random) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (below(random, 3)) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return kInfinity;
    default:
      return -kInfinity;
  }
}

}  // namespace

double largest_finite(DType dtype) {
  // For fp64 this is max() itself; the others are exact in double.
  const int fraction_bits = dtype == DType::bf16   ? 7
                            : dtype == DType::fp16 ? 10
                            : dtype == DType::fp32 ? 23
                                                   : 52;
  const double ulp = power_of_two(largest_exponent(dtype) - fraction_bits);
  return (power_of_two(fraction_bits + 1) - 1) * ulp;
}

double element_value(const ElementRule& rule, std::uint64_t index) {
  const PhiloxCounter random = philox4x32_10(philox_counter(index, rule.stream), rule.key);
  switch (rule.fill) {
    case Fill::normal:
      return spread_out(random, rule.scale, rule.spread);
    case Fill::integers:
      return static_cast<double>(static_cast<std::int32_t>(below(random[0], 7)) - 3);
    case Fill::large:
      return short_number(random, largest_exponent(rule.dtype));
    case Fill::tiny:  // from two octaves below fp16's smallest normal, 2^-14, to two above
      return short_number(random, -16 + static_cast<int>(below(random[2], 4)));
    case Fill::specials: {
      const PhiloxCounter place =
          philox4x32_10(philox_counter(index | kSpecialsOffset, rule.stream), rule.key);
      if (place[0] % kElementsPerSpecial == 0) return special(place[1]);
      return spread_out(random, rule.scale, rule.spread);
    }
  }
  throw std::logic_error("unknown fill");
}

}  // namespace packproof::inputs
