// The 16-bit and tf32 formats, written from their definitions and apart from the CUDA headers
// (PTX ISA, "Fundamental types" and "Alternate floating-point data formats").
#pragma once

#include <cstdint>

namespace packproof::conformance {

float float_of_bf16(std::uint16_t bits);
float float_of_f16(std::uint16_t bits);

// Round to nearest, ties to even; a NaN becomes 0x7fff, which is what cvt.rn makes of it.
std::uint16_t bf16_of(float value);
std::uint16_t f16_of(float value);

// The bits of `value` when it is a tf32, which its low 13 bits must allow: they are 0.
bool is_tf32(float value);

}  // namespace packproof::conformance
