// Elements as bit patterns, and the spacing of the values that a dtype can hold.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "cases/core/low_precision.h"
#include "cases/core/tensor.h"

namespace packproof::memory {

// The element's bits, in the low bits of the result.
inline std::uint64_t bits_of(const Tensor& tensor, std::int64_t index) {
  const std::int64_t at = tensor.place(index);
  switch (size_of(tensor.dtype)) {
    case 1:
      return tensor.as<std::uint8_t>()[at];
    case 2:
      return tensor.as<std::uint16_t>()[at];
    case 4:
      return tensor.as<std::uint32_t>()[at];
    default:
      return tensor.as<std::uint64_t>()[at];
  }
}

inline void set_bits(const Tensor& tensor, std::int64_t index, std::uint64_t bits) {
  const std::int64_t at = tensor.place(index);
  switch (size_of(tensor.dtype)) {
    case 1:
      tensor.as<std::uint8_t>()[at] = static_cast<std::uint8_t>(bits);
      return;
    case 2:
      tensor.as<std::uint16_t>()[at] = static_cast<std::uint16_t>(bits);
      return;
    case 4:
      tensor.as<std::uint32_t>()[at] = static_cast<std::uint32_t>(bits);
      return;
    default:
      tensor.as<std::uint64_t>()[at] = bits;
      return;
  }
}

// The bits of `value` in this dtype, rounded to nearest even. Integers: the value must be one.
inline std::uint64_t bits_from(DType dtype, double value) {
  std::uint64_t bits = 0;
  const Tensor one{"", dtype, {}, &bits};
  store(one, 0, value);
  return bits_of(one, 0);
}

// `value` rounded to nearest even in a floating dtype; infinite where it is beyond its range.
inline double rounded(DType dtype, double value) {
  switch (dtype) {
    case DType::bf16:
      return static_cast<double>(bf16_to_float(bf16_from_double(value)));
    case DType::fp16:
      return static_cast<double>(fp16_to_float(fp16_from_double(value)));
    case DType::fp32:
      return static_cast<double>(static_cast<float>(value));
    default:
      return value;
  }
}

// Half the distance between neighbours in a floating dtype at a finite `value`: the most that one
// rounding can be off. 0 at zero, which every dtype holds exactly.
inline double half_spacing(DType dtype, double value) {
  if (value == 0) return 0;
  constexpr int kBias = 1023;
  const auto raw = static_cast<int>((std::bit_cast<std::uint64_t>(value) >> 52) & 0x7FF);
  const int digits = dtype == DType::bf16   ? 8
                     : dtype == DType::fp16 ? 11
                     : dtype == DType::fp32 ? 24
                                            : 53;
  const int lowest = dtype == DType::fp16 ? -14 : dtype == DType::fp64 ? 1 - kBias : -126;
  const int power = std::max(std::max(raw - kBias, lowest) - digits, 1 - kBias);
  return std::bit_cast<double>(static_cast<std::uint64_t>(power + kBias) << 52);
}

}  // namespace packproof::memory
