// memcpy and its kin in kernels under the race detector, whose accesses -fsanitize=thread does not
// report by itself. The last header that a kernel includes; host only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

namespace packproof::simt::detail {
// Of the running thread; the caller's line is the place.
void report_read(const void* address, std::size_t bytes);
void report_write(const void* address, std::size_t bytes);
}  // namespace packproof::simt::detail

#ifdef __clang__

// Clang calls these for every copy, those of structs included, and leaves the rest to a runtime
// that takes the functions' place. Here that is done for the objects of kernels alone.
asm("memcpy = __tsan_memcpy");
asm("memmove = __tsan_memmove");
asm("memset = __tsan_memset");

#else

// g++ reports copies of structs, but expands these functions without a word. Inlined always, so
// that a report names the kernel's line.
#define PACKPROOF_SIMT_INLINE [[gnu::always_inline]] inline

PACKPROOF_SIMT_INLINE void* packproof_traced_memcpy(void* to, const void* from, std::size_t bytes) {
  packproof::simt::detail::report_read(from, bytes);
  packproof::simt::detail::report_write(to, bytes);
  return __builtin_memcpy(to, from, bytes);
}
PACKPROOF_SIMT_INLINE void* packproof_traced_memmove(void* to, const void* from,
                                                     std::size_t bytes) {
  packproof::simt::detail::report_read(from, bytes);
  packproof::simt::detail::report_write(to, bytes);
  return __builtin_memmove(to, from, bytes);
}
PACKPROOF_SIMT_INLINE void* packproof_traced_memset(void* to, int value, std::size_t bytes) {
  packproof::simt::detail::report_write(to, bytes);
  return __builtin_memset(to, value, bytes);
}
#undef PACKPROOF_SIMT_INLINE

namespace std {
using ::packproof_traced_memcpy;
using ::packproof_traced_memmove;
using ::packproof_traced_memset;
}  // namespace std

// Macros, so that std::memcpy is caught too.
#define memcpy packproof_traced_memcpy
#define memmove packproof_traced_memmove
#define memset packproof_traced_memset

#endif
