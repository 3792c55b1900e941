// Several neighbouring elements as floats, read and written in one access.
#pragma once

#include <cstdint>
#include <cstring>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

__device__ inline float to_float(float value) { return value; }
__device__ inline float to_float(__nv_bfloat16 value) { return __bfloat162float(value); }
__device__ inline float to_float(__half value) { return __half2float(value); }

template <class T>
__device__ T from_float(float value);  // rounds to nearest even
template <>
__device__ inline float from_float<float>(float value) {
  return value;
}
template <>
__device__ inline __nv_bfloat16 from_float<__nv_bfloat16>(float value) {
  return __float2bfloat16(value);
}
template <>
__device__ inline __half from_float<__half>(float value) {
  return __float2half(value);
}

// The word that moves this many bytes in one instruction.
template <int kBytes>
struct Word;
template <>
struct Word<2> {
  using type = std::uint16_t;
};
template <>
struct Word<4> {
  using type = std::uint32_t;
};
template <>
struct Word<8> {
  using type = uint2;
};
template <>
struct Word<16> {
  using type = uint4;
};

// kLanes elements of T as they lie in memory.
template <class T, int kLanes>
struct Raw {
  using Bits = typename Word<static_cast<int>(sizeof(T)) * kLanes>::type;
  Bits bits;

  // `from` must be aligned to the whole.
  __device__ static Raw load(const T* from) { return {*reinterpret_cast<const Bits*>(from)}; }

  __device__ void unpack(float (&lanes)[kLanes]) const {
    T elements[kLanes];
    memcpy(static_cast<void*>(elements), &bits, sizeof bits);
#pragma unroll
    for (int i = 0; i < kLanes; ++i) lanes[i] = to_float(elements[i]);
  }
};

// Rounds to T. `to` must be aligned to the whole.
template <class T, int kLanes>
__device__ inline void store_lanes(T* to, const float (&lanes)[kLanes]) {
  T elements[kLanes];
#pragma unroll
  for (int i = 0; i < kLanes; ++i) elements[i] = from_float<T>(lanes[i]);
  typename Raw<T, kLanes>::Bits bits;
  memcpy(&bits, static_cast<const void*>(elements), sizeof bits);
  *reinterpret_cast<typename Raw<T, kLanes>::Bits*>(to) = bits;
}

}  // namespace packproof::PACKPROOF_KERNELS
