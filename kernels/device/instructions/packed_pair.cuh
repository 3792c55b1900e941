// Two 16-bit floats in one register, as matrix fragments hold them: the first in the low half.
#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Rounds to nearest even.
__device__ inline std::uint32_t pack_bf16x2(float low, float high) {
  const __nv_bfloat162 pair = __floats2bfloat162_rn(low, high);
  std::uint32_t bits;
  memcpy(&bits, &pair, sizeof bits);
  return bits;
}

__device__ inline float2 unpack_bf16x2(std::uint32_t bits) {
  __nv_bfloat162 pair;
  memcpy(static_cast<void*>(&pair), &bits, sizeof bits);
  return __bfloat1622float2(pair);
}

// Rounds to nearest even.
__device__ inline std::uint32_t pack_f16x2(float low, float high) {
  const __half2 pair = __floats2half2_rn(low, high);
  std::uint32_t bits;
  memcpy(&bits, &pair, sizeof bits);
  return bits;
}

__device__ inline float2 unpack_f16x2(std::uint32_t bits) {
  __half2 pair;
  memcpy(static_cast<void*>(&pair), &bits, sizeof bits);
  return __half22float2(pair);
}

}  // namespace packproof::PACKPROOF_KERNELS
