// packed_pair.cuh by type: two elements of T, bf16 or fp16, in one register.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/device/instructions/packed_pair.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Rounds to nearest even.
template <class T>
__device__ inline std::uint32_t pack_pair(float low, float high) {
  static_assert(std::is_same_v<T, __nv_bfloat16> || std::is_same_v<T, __half>);
  if constexpr (std::is_same_v<T, __nv_bfloat16>)
    return pack_bf16x2(low, high);
  else
    return pack_f16x2(low, high);
}

template <class T>
__device__ inline float2 unpack_pair(std::uint32_t bits) {
  static_assert(std::is_same_v<T, __nv_bfloat16> || std::is_same_v<T, __half>);
  if constexpr (std::is_same_v<T, __nv_bfloat16>)
    return unpack_bf16x2(bits);
  else
    return unpack_f16x2(bits);
}

}  // namespace packproof::PACKPROOF_KERNELS
