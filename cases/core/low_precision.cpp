#include "cases/core/low_precision.h"

#include <bit>

namespace packproof {
namespace {

// A 16-bit binary format: sign, exponent, fraction.
struct Format {
  int fraction_bits;
  int min_exponent;  // of the smallest normal number
  std::uint16_t infinity;
};
constexpr Format kBf16{7, -126, 0x7f80};
constexpr Format kFp16{10, -14, 0x7c00};

constexpr int kDoubleFractionBits = 52;
constexpr std::uint64_t kDoubleFraction = (std::uint64_t{1} << kDoubleFractionBits) - 1;

// Only integer arithmetic, so that neither the compiler nor the rounding mode has a say.
std::uint16_t round_to_format(double value, const Format& format) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 63) << 15);
  const std::uint64_t fraction = bits & kDoubleFraction;
  const int biased = static_cast<int>((bits >> kDoubleFractionBits) & 0x7ff);
  if (biased == 0x7ff) {
    if (fraction == 0) return static_cast<std::uint16_t>(sign | format.infinity);
    const std::uint64_t payload = fraction >> (kDoubleFractionBits - format.fraction_bits);
    const std::uint64_t quiet = std::uint64_t{1} << (format.fraction_bits - 1);
    return static_cast<std::uint16_t>(sign | format.infinity | quiet | payload);
  }
  if (biased == 0) return sign;  // far below half of the smallest subnormal of either format

  const int exponent = biased - 1023;
  const int below_normal = exponent < format.min_exponent ? format.min_exponent - exponent : 0;
  const int dropped = kDoubleFractionBits - format.fraction_bits + below_normal;
  if (dropped > kDoubleFractionBits + 2) return sign;
  const std::uint64_t significand = fraction | (kDoubleFraction + 1);
  const std::uint64_t rest = significand & ((std::uint64_t{1} << dropped) - 1);
  const std::uint64_t half = std::uint64_t{1} << (dropped - 1);
  std::uint64_t kept = significand >> dropped;
  if (rest > half || (rest == half && (kept & 1) != 0)) ++kept;

  // The leading bit of `kept` and any carry out of rounding add to the exponent by themselves.
  const int exponent_field = below_normal > 0 ? 0 : exponent - format.min_exponent;
  const std::uint64_t magnitude =
      kept + (static_cast<std::uint64_t>(exponent_field) << format.fraction_bits);
  if (magnitude >= format.infinity) return static_cast<std::uint16_t>(sign | format.infinity);
  return static_cast<std::uint16_t>(sign | magnitude);
}

}  // namespace

float bf16_to_float(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

float fp16_to_float(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  const std::uint32_t exponent = (bits >> 10) & 0x1f;
  const std::uint32_t fraction = bits & 0x3ff;
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (fraction << 13));
  if (exponent == 0) {
    const float magnitude = static_cast<float>(fraction) * 0x1p-24f;
    return sign != 0 ? -magnitude : magnitude;
  }
  return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

std::uint16_t bf16_from_double(double value) { return round_to_format(value, kBf16); }
std::uint16_t fp16_from_double(double value) { return round_to_format(value, kFp16); }

}  // namespace packproof
