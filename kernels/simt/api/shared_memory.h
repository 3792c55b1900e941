// Shared memory in a kernel on the host. Host only.
//   SIMT_SHARED(float, tile, [32][33]);   SIMT_SHARED(int, first_segment);
//   SIMT_SHARED_ALIGNED(16, float, row, [128]);
//   SIMT_DYN_SHARED(smem);                // unsigned char*, aligned to 1024
// A type with a comma needs an alias first.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/simt/api/host_build.h"
#include "kernels/simt/api/runtime_calls.h"

namespace packproof::simt::detail {
inline namespace PACKPROOF_SIMT_BUILD {

// The place of one shared variable in the current block of this OS thread.
template <class Variable, size_t kAlignment>
class SharedVariable {
  static_assert(std::is_trivially_default_constructible_v<std::remove_all_extents_t<Variable>>,
                "shared memory is never initialised: the type must not need a constructor");

 public:
  // Own variables of the executor, one for each OS thread: nothing for the race detector.
  __attribute__((no_sanitize("thread"))) Variable& in_this_block(const char* name,
                                                                 SourceSite site) {
    if (serial_ != block_serial) {
      place_ = allocate_static_shared(sizeof(Variable), kAlignment, name, site);
      serial_ = block_serial;
    }
    return *static_cast<Variable*>(place_);
  }

 private:
  uint64_t serial_ = 0;
  void* place_ = nullptr;
};

}  // namespace PACKPROOF_SIMT_BUILD
}  // namespace packproof::simt::detail

#define SIMT_SHARED_ALIGNED(alignment, type, name, ...)                                        \
  using name##_simt_type = type __VA_ARGS__;                                                   \
  static thread_local ::packproof::simt::detail::SharedVariable<name##_simt_type, (alignment)> \
      name##_simt_place;                                                                       \
  name##_simt_type& name =                                                                     \
      name##_simt_place.in_this_block(#name, ::packproof::simt::SourceSite::here())

#define SIMT_SHARED(type, name, ...) \
  SIMT_SHARED_ALIGNED(alignof(type), type, name __VA_OPT__(, ) __VA_ARGS__)

#define SIMT_DYN_SHARED(name) \
  unsigned char* const name = ::packproof::simt::detail::dynamic_shared()
