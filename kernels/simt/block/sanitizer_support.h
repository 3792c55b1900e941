// AddressSanitizer's hooks, or nothing in a build without it. Runtime only.
#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#define PACKPROOF_SIMT_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PACKPROOF_SIMT_ASAN 1
#endif
#endif
#ifndef PACKPROOF_SIMT_ASAN
#define PACKPROOF_SIMT_ASAN 0
#endif

#if PACKPROOF_SIMT_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace packproof::simt::detail {

constexpr bool kAsan = PACKPROOF_SIMT_ASAN != 0;

inline void forbid_access([[maybe_unused]] const void* begin, [[maybe_unused]] size_t bytes) {
#if PACKPROOF_SIMT_ASAN
  __asan_poison_memory_region(begin, bytes);
#endif
}

inline void allow_access([[maybe_unused]] const void* begin, [[maybe_unused]] size_t bytes) {
#if PACKPROOF_SIMT_ASAN
  __asan_unpoison_memory_region(begin, bytes);
#endif
}

// The first byte of the range that may not be touched, or null.
inline const void* first_forbidden([[maybe_unused]] const void* begin,
                                   [[maybe_unused]] size_t bytes) {
#if PACKPROOF_SIMT_ASAN
  return __asan_region_is_poisoned(const_cast<void*>(begin), bytes);
#else
  return nullptr;
#endif
}

}  // namespace packproof::simt::detail
