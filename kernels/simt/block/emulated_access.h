// Memory as an emulated instruction may touch it: every access is checked first, since a sanitizer
// does not see into the emulation. For emulations in kernels/device; host only.
// A check that fails ends the process with the kernel's line and what was wrong.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// The address as the shared window's instructions take it: 32 bits; a piece that is aligned to
// 1024 or less has the same alignment there. `address` is in, or at the end of, this block's
// shared memory.
uint32_t shared_window_address(const void* address, const char* instruction,
                               const SourceSite& site);
void* shared_window_pointer(uint32_t address, const char* instruction, const SourceSite& site);

// [address, address + bytes) must lie in one variable of this block's shared memory (or in its
// dynamic part) and `address` be a multiple of `alignment`.
void check_shared(const void* address, size_t bytes, size_t alignment, const char* instruction,
                  const SourceSite& site);

// [address, address + bytes) must be readable or writable memory, as far as a sanitizer knows, and
// `address` a multiple of `alignment`.
void check_global(const void* address, size_t bytes, size_t alignment, const char* instruction,
                  const SourceSite& site);

// An instruction of the global state space cannot take an address in shared memory.
void refuse_shared(const void* address, const char* instruction, const SourceSite& site);

}  // namespace packproof::simt::detail
