// Element types of the tensors that cases describe, and their rounding properties.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packproof {

enum class DType : std::uint8_t { bf16, fp16, fp32, fp64, int32, int64, uint8 };

constexpr std::size_t size_of(DType dtype) {
  switch (dtype) {
    case DType::uint8:
      return 1;
    case DType::bf16:
    case DType::fp16:
      return 2;
    case DType::fp32:
    case DType::int32:
      return 4;
    case DType::fp64:
    case DType::int64:
      return 8;
  }
  return 0;
}

constexpr bool is_floating(DType dtype) {
  return dtype == DType::bf16 || dtype == DType::fp16 || dtype == DType::fp32 ||
         dtype == DType::fp64;
}

// The largest relative error of rounding to nearest: 2^-p for p significand bits. 0 for integers.
constexpr double unit_roundoff(DType dtype) {
  switch (dtype) {
    case DType::bf16:
      return 0x1p-8;
    case DType::fp16:
      return 0x1p-11;
    case DType::fp32:
      return 0x1p-24;
    case DType::fp64:
      return 0x1p-53;
    default:
      return 0;
  }
}

constexpr std::string_view name_of(DType dtype) {
  switch (dtype) {
    case DType::bf16:
      return "bf16";
    case DType::fp16:
      return "fp16";
    case DType::fp32:
      return "fp32";
    case DType::fp64:
      return "fp64";
    case DType::int32:
      return "int32";
    case DType::int64:
      return "int64";
    case DType::uint8:
      return "uint8";
  }
  return "?";
}

constexpr std::optional<DType> dtype_named(std::string_view name) {
  for (DType d : {DType::bf16, DType::fp16, DType::fp32, DType::fp64, DType::int32, DType::int64,
                  DType::uint8})
    if (name_of(d) == name) return d;
  return std::nullopt;
}

}  // namespace packproof
