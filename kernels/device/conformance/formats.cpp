#include "kernels/device/conformance/formats.h"

#include <bit>
#include <cmath>
#include <limits>

namespace packproof::conformance {
namespace {

constexpr std::uint16_t kNan = 0x7fff;

// A format of 16 bits with this many for the fraction, the rest for sign and exponent.
struct Format {
  int fraction_bits;
  int bias;

  int exponent_limit() const { return (1 << (15 - fraction_bits)) - 1; }

  float decode(std::uint16_t bits) const {
    const int exponent = (bits & 0x7fff) >> fraction_bits;
    const int fraction = bits & ((1 << fraction_bits) - 1);
    double magnitude;
    if (exponent == exponent_limit()) {
      magnitude = fraction == 0 ? std::numeric_limits<double>::infinity() : std::nan("");
    } else if (exponent == 0) {
      magnitude = std::ldexp(fraction, 1 - bias - fraction_bits);
    } else {
      magnitude = std::ldexp(fraction + (1 << fraction_bits), exponent - bias - fraction_bits);
    }
    return static_cast<float>((bits & 0x8000) != 0 ? -magnitude : magnitude);
  }

  std::uint16_t encode(float value) const {
    if (std::isnan(value)) return kNan;
    const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
    const auto infinity = static_cast<std::uint16_t>(exponent_limit() << fraction_bits);
    const double magnitude = std::fabs(static_cast<double>(value));
    if (std::isinf(magnitude)) return sign | infinity;
    // Subnormals share the quantum of the smallest normal number.
    const int exponent = magnitude == 0 ? 1 - bias : std::max(std::ilogb(magnitude), 1 - bias);
    const double quanta = std::nearbyint(std::ldexp(magnitude, fraction_bits - exponent));
    // As an integer, the bits of a magnitude count the quanta through all exponents; rounding up
    // into the next exponent, or to infinity, carries by itself.
    const int bits = ((exponent + bias - 1) << fraction_bits) + static_cast<int>(quanta);
    return bits >= infinity ? sign | infinity : static_cast<std::uint16_t>(sign | bits);
  }
};

constexpr Format kBf16{7, 127};
constexpr Format kF16{10, 15};

}  // namespace

float float_of_bf16(std::uint16_t bits) { return kBf16.decode(bits); }
float float_of_f16(std::uint16_t bits) { return kF16.decode(bits); }
std::uint16_t bf16_of(float value) { return kBf16.encode(value); }
std::uint16_t f16_of(float value) { return kF16.encode(value); }

bool is_tf32(float value) { return (std::bit_cast<std::uint32_t>(value) & 0x1fffu) == 0; }

}  // namespace packproof::conformance
