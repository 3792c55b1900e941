// Atomic functions on the host, for shared and global memory. Host only.
// Relaxed, as on the device: an atomic orders no other access.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <concepts>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "kernels/simt/api/host_build.h"
#include "kernels/simt/api/runtime_calls.h"

namespace packproof::simt::detail {
inline namespace PACKPROOF_SIMT_BUILD {

template <class T, class... Choices>
concept OneOf = (std::same_as<T, Choices> || ...);

template <class T>
concept AtomicInteger = OneOf<T, int, unsigned, long long, unsigned long long>;

// Stores update(old) in *address in one step; returns old.
template <class T, class Update>
T atomic_update(T* address, Update update) {
  T old;
  __atomic_load(address, &old, __ATOMIC_RELAXED);
  T wanted = update(old);
  while (!__atomic_compare_exchange(address, &old, &wanted, /*weak=*/true, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED)) {
    wanted = update(old);
  }
  return old;
}

}  // namespace PACKPROOF_SIMT_BUILD
}  // namespace packproof::simt::detail

inline namespace PACKPROOF_SIMT_BUILD {

// std::type_identity_t: the pointer alone chooses the type, as with CUDA's overloads.
template <packproof::simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return __atomic_fetch_add(address, value, __ATOMIC_RELAXED);
}

template <packproof::simt::detail::OneOf<float, double> T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return packproof::simt::detail::atomic_update(address, [value](T old) { return old + value; });
}

// Adds in float, which holds the sum of two 16-bit floats closely enough to round once.
template <packproof::simt::detail::OneOf<__nv_bfloat16, __half> T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  auto float_of = [](uint16_t bits) {
    T element;
    std::memcpy(static_cast<void*>(&element), &bits, sizeof bits);
    return static_cast<float>(element);
  };
  const float added = static_cast<float>(value);
  const uint16_t old_bits = packproof::simt::detail::atomic_update(
      reinterpret_cast<uint16_t*>(address), [&](uint16_t old) {
        const T sum(float_of(old) + added);
        uint16_t bits;
        std::memcpy(&bits, &sum, sizeof bits);
        return bits;
      });
  T old;
  std::memcpy(static_cast<void*>(&old), &old_bits, sizeof old);
  return old;
}

// Elements of a vector are updated one by one, as on the device.
template <packproof::simt::detail::OneOf<__nv_bfloat162, __half2, float2> T>
T atomicAdd(T* address, std::type_identity_t<T> value) {
  T old;
  old.x = atomicAdd(&address->x, value.x);
  old.y = atomicAdd(&address->y, value.y);
  return old;
}
inline float4 atomicAdd(float4* address, float4 value) {
  return {atomicAdd(&address->x, value.x), atomicAdd(&address->y, value.y),
          atomicAdd(&address->z, value.z), atomicAdd(&address->w, value.w)};
}

template <packproof::simt::detail::OneOf<int, unsigned> T>
T atomicSub(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return __atomic_fetch_sub(address, value, __ATOMIC_RELAXED);
}

template <packproof::simt::detail::AtomicInteger T>
T atomicMax(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return packproof::simt::detail::atomic_update(
      address, [value](T old) { return old < value ? value : old; });
}

template <packproof::simt::detail::AtomicInteger T>
T atomicMin(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return packproof::simt::detail::atomic_update(
      address, [value](T old) { return value < old ? value : old; });
}

template <packproof::simt::detail::OneOf<int, unsigned, unsigned long long, unsigned short> T>
T atomicCAS(T* address, std::type_identity_t<T> expected, std::type_identity_t<T> desired) {
  packproof::simt::detail::before_atomic_access();
  __atomic_compare_exchange_n(address, &expected, desired, /*weak=*/false, __ATOMIC_RELAXED,
                              __ATOMIC_RELAXED);
  return expected;
}

template <packproof::simt::detail::OneOf<int, unsigned, unsigned long long, float> T>
T atomicExch(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  T old;
  __atomic_exchange(address, &value, &old, __ATOMIC_RELAXED);
  return old;
}

template <packproof::simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicOr(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return __atomic_fetch_or(address, value, __ATOMIC_RELAXED);
}

template <packproof::simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicAnd(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return __atomic_fetch_and(address, value, __ATOMIC_RELAXED);
}

template <packproof::simt::detail::OneOf<int, unsigned, unsigned long long> T>
T atomicXor(T* address, std::type_identity_t<T> value) {
  packproof::simt::detail::before_atomic_access();
  return __atomic_fetch_xor(address, value, __ATOMIC_RELAXED);
}

}  // namespace PACKPROOF_SIMT_BUILD
