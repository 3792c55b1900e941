// Atomic functions on the host, for shared and global memory. Host only.
// Relaxed, as on the device: an atomic orders no other access.
#pragma once

#include <concepts>
#include <type_traits>

#include "kernels/simt/host_build.h"
#include "kernels/simt/runtime_calls.h"

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
