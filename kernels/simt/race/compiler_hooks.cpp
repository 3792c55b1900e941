// What -fsanitize=thread makes the compiler call before each access of a kernel in kernels_race.
// Nothing of ThreadSanitizer's own runtime is linked: these are all of its functions that a kernel
// may need. Outside a launch under the race detector they do nothing.
#include <cstddef>
#include <cstdint>

#include "kernels/simt/race/observe.h"

namespace packproof::simt::detail {

// See traced_copies.h.
void report_read(const void* address, size_t bytes);
void report_write(const void* address, size_t bytes);

void report_read(const void* address, size_t bytes) {
  observe_access(address, bytes, AccessKind::kRead, __builtin_return_address(0));
}
void report_write(const void* address, size_t bytes) {
  observe_access(address, bytes, AccessKind::kWrite, __builtin_return_address(0));
}

}  // namespace packproof::simt::detail

using packproof::simt::detail::AccessKind;
using packproof::simt::detail::observe_access;

#define PACKPROOF_HOOK(name, bytes, kind)                                            \
  void name(void* address) {                                                         \
    observe_access(address, (bytes), AccessKind::kind, __builtin_return_address(0)); \
  }
#define PACKPROOF_HOOKS_OF_SIZE(bytes)                                      \
  PACKPROOF_HOOK(__tsan_read##bytes, bytes, kRead)                          \
  PACKPROOF_HOOK(__tsan_write##bytes, bytes, kWrite)                        \
  PACKPROOF_HOOK(__tsan_read_write##bytes, bytes, kWrite)                   \
  PACKPROOF_HOOK(__tsan_unaligned_read##bytes, bytes, kRead)                \
  PACKPROOF_HOOK(__tsan_unaligned_write##bytes, bytes, kWrite)              \
  PACKPROOF_HOOK(__tsan_unaligned_read_write##bytes, bytes, kWrite)         \
  PACKPROOF_HOOK(__tsan_volatile_read##bytes, bytes, kAtomicRead)           \
  PACKPROOF_HOOK(__tsan_volatile_write##bytes, bytes, kAtomicWrite)         \
  PACKPROOF_HOOK(__tsan_unaligned_volatile_read##bytes, bytes, kAtomicRead) \
  PACKPROOF_HOOK(__tsan_unaligned_volatile_write##bytes, bytes, kAtomicWrite)

extern "C" {

PACKPROOF_HOOKS_OF_SIZE(1)
PACKPROOF_HOOKS_OF_SIZE(2)
PACKPROOF_HOOKS_OF_SIZE(4)
PACKPROOF_HOOKS_OF_SIZE(8)
PACKPROOF_HOOKS_OF_SIZE(16)

void __tsan_read_range(void* address, size_t bytes) {
  observe_access(address, bytes, AccessKind::kRead, __builtin_return_address(0));
}
void __tsan_write_range(void* address, size_t bytes) {
  observe_access(address, bytes, AccessKind::kWrite, __builtin_return_address(0));
}

void __tsan_init() {}
void __tsan_func_entry(void* /*caller*/) {}
void __tsan_func_exit() {}
void __tsan_vptr_read(void** /*pointer*/) {}
void __tsan_vptr_update(void** /*pointer*/, void* /*value*/) {}

// Clang's copies: see traced_copies.h.
void* __tsan_memcpy(void* to, const void* from, size_t bytes) {
  observe_access(from, bytes, AccessKind::kRead, __builtin_return_address(0));
  observe_access(to, bytes, AccessKind::kWrite, __builtin_return_address(0));
  return __builtin_memcpy(to, from, bytes);
}
void* __tsan_memmove(void* to, const void* from, size_t bytes) {
  observe_access(from, bytes, AccessKind::kRead, __builtin_return_address(0));
  observe_access(to, bytes, AccessKind::kWrite, __builtin_return_address(0));
  return __builtin_memmove(to, from, bytes);
}
void* __tsan_memset(void* to, int value, size_t bytes) {
  observe_access(to, bytes, AccessKind::kWrite, __builtin_return_address(0));
  return __builtin_memset(to, value, bytes);
}

}  // extern "C"
