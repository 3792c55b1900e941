// What -fsanitize=thread calls instead of atomic operations: each makes the access and tells the
// race detector of it. See compiler_hooks.cpp.
#include <cstddef>
#include <cstdint>

#include "kernels/simt/race/observe.h"

namespace packproof::simt::detail {
namespace {

// The values of __ATOMIC_RELAXED and so on; any higher bits are hints.
bool acquires(int order) {
  return (order & 7) != __ATOMIC_RELAXED && (order & 7) != __ATOMIC_RELEASE;
}
bool releases(int order) { return (order & 7) >= __ATOMIC_RELEASE; }

// Runs make() as the running thread's atomic access.
template <class Make>
auto atomic_access(const volatile void* pointer, size_t bytes, AccessKind kind, AtomicOrder order,
                   const void* return_address, Make make) {
  RaceDetector* detector = RaceDetector::listening();
  const auto address = reinterpret_cast<uintptr_t>(pointer);
  if (detector == nullptr || detector->is_private(address)) return make();
  detector->block().offer_switch();
  const RaceDetector::Pause pause;
  detector->order_before_atomic(address, order);
  detector->access(address, bytes, kind, return_address);
  const auto result = make();
  detector->order_after_atomic(address, order);
  return result;
}

// Returns whether *address was `expected`; stores in `expected` what it was.
template <class T>
bool compare_exchange(volatile T* address, T& expected, T desired, int order,
                      const void* return_address) {
  return atomic_access(address, sizeof(T), AccessKind::kAtomicWrite,
                       {true, true, acquires(order), releases(order)}, return_address, [&] {
                         return __atomic_compare_exchange_n(address, &expected, desired, false,
                                                            __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
                       });
}

}  // namespace
}  // namespace packproof::simt::detail

using packproof::simt::detail::AccessKind;
using packproof::simt::detail::acquires;
using packproof::simt::detail::atomic_access;
using packproof::simt::detail::compare_exchange;
using packproof::simt::detail::releases;

#define PACKPROOF_UPDATE(name, T, builtin)                                           \
  T name(volatile T* address, T value, int order) {                                  \
    return atomic_access(address, sizeof(T), AccessKind::kAtomicWrite,               \
                         {true, true, acquires(order), releases(order)},             \
                         __builtin_return_address(0),                                \
                         [&] { return builtin(address, value, __ATOMIC_SEQ_CST); }); \
  }

#define PACKPROOF_ATOMICS(bits, T)                                                               \
  T __tsan_atomic##bits##_load(const volatile T* address, int order) {                           \
    return atomic_access(address, sizeof(T), AccessKind::kAtomicRead,                            \
                         {true, false, acquires(order), false}, __builtin_return_address(0),     \
                         [&] { return __atomic_load_n(address, __ATOMIC_SEQ_CST); });            \
  }                                                                                              \
  void __tsan_atomic##bits##_store(volatile T* address, T value, int order) {                    \
    atomic_access(address, sizeof(T), AccessKind::kAtomicWrite,                                  \
                  {false, true, false, releases(order)}, __builtin_return_address(0), [&] {      \
                    __atomic_store_n(address, value, __ATOMIC_SEQ_CST);                          \
                    return 0;                                                                    \
                  });                                                                            \
  }                                                                                              \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_exchange, T, __atomic_exchange_n)                       \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_fetch_add, T, __atomic_fetch_add)                       \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_fetch_sub, T, __atomic_fetch_sub)                       \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_fetch_and, T, __atomic_fetch_and)                       \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_fetch_or, T, __atomic_fetch_or)                         \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_fetch_xor, T, __atomic_fetch_xor)                       \
  PACKPROOF_UPDATE(__tsan_atomic##bits##_fetch_nand, T, __atomic_fetch_nand)                     \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile T* address, T* expected, T desired, \
                                                    int order, int /*order_of_failure*/) {       \
    return compare_exchange(address, *expected, desired, order, __builtin_return_address(0));    \
  }                                                                                              \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile T* address, T* expected, T desired,   \
                                                  int order, int /*order_of_failure*/) {         \
    return compare_exchange(address, *expected, desired, order, __builtin_return_address(0));    \
  }                                                                                              \
  T __tsan_atomic##bits##_compare_exchange_val(volatile T* address, T expected, T desired,       \
                                               int order, int /*order_of_failure*/) {            \
    compare_exchange(address, expected, desired, order, __builtin_return_address(0));            \
    return expected;                                                                             \
  }

extern "C" {

PACKPROOF_ATOMICS(8, uint8_t)
PACKPROOF_ATOMICS(16, uint16_t)
PACKPROOF_ATOMICS(32, uint32_t)
PACKPROOF_ATOMICS(64, uint64_t)

// Kernels fence by __threadfence and its kin, which tell the race detector themselves.
void __tsan_atomic_thread_fence(int /*order*/) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }
void __tsan_atomic_signal_fence(int /*order*/) {}

}  // extern "C"
