// What outputs hold before a run, so that an element which nobody wrote can be told.
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"
#include "cases/core/tensor.h"
#include "harness/memory/element_bits.h"

namespace packproof::memory {

// NaN in bf16, fp16 and fp32 and near -1e307 in fp64 (so that using an unwritten value shows),
// improbable as an integer. The wide ones repeat the narrow one.
inline constexpr std::uint16_t kPoison16 = 0xFFAB;
inline constexpr std::uint32_t kPoison32 = 0xFFABFFAB;
inline constexpr std::uint64_t kPoison64 = 0xFFABFFABFFABFFAB;
// A byte has no improbable value: an unwritten byte whose right value is this one is not seen.
inline constexpr std::uint8_t kPoison8 = 0xAB;

// The poisoned bits of one element, in the low bits.
constexpr std::uint64_t poison_bits(DType dtype) {
  switch (size_of(dtype)) {
    case 1:
      return kPoison8;
    case 2:
      return kPoison16;
    case 4:
      return kPoison32;
    default:
      return kPoison64;
  }
}

// Overwrites every element.
inline void poison(const Tensor& tensor) {
  for (std::int64_t i = 0; i < tensor.count(); ++i) set_bits(tensor, i, poison_bits(tensor.dtype));
}

inline bool is_poison(const Tensor& tensor, std::int64_t index) {
  return bits_of(tensor, index) == poison_bits(tensor.dtype);
}

}  // namespace packproof::memory
