// memcpy and its kin in kernels under the race detector: compilers turn them into code, or into
// calls, that -fsanitize=thread does not report. The last header that a kernel includes; host only.
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

// Inlined always, so that a report names the kernel's line.
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
