// bf16 and fp16 on the host, as bit patterns. Conversions round to nearest even and keep NaN a NaN.
#pragma once

#include <cstdint>

namespace packproof {

float bf16_to_float(std::uint16_t bits);
float fp16_to_float(std::uint16_t bits);

// From double in one rounding: going through float would round twice.
std::uint16_t bf16_from_double(double value);
std::uint16_t fp16_from_double(double value);

}  // namespace packproof
