#include "kernels/simt/runtime/emulated_atomics.h"

#include "kernels/simt/api/host_atomics.h"
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/block/memory_events.h"

namespace packproof::simt::detail {
namespace {

template <class T>
void add_each(void* address, const T* values, int count, const char* instruction,
              const SourceSite& site) {
  const size_t bytes = static_cast<size_t>(count) * sizeof(T);
  check_global(address, bytes, bytes, instruction, site);
  for (int i = 0; i < count; ++i) {
    T* element = static_cast<T*>(address) + i;
    note_atomic(element, sizeof(T), site);
    atomicAdd(element, values[i]);
  }
}

}  // namespace

void reduce_add_f32(void* address, const float* values, int count, const char* instruction,
                    const SourceSite& site) {
  add_each(address, values, count, instruction, site);
}

void reduce_add_bf16(void* address, const __nv_bfloat16* values, int count, const char* instruction,
                     const SourceSite& site) {
  add_each(address, values, count, instruction, site);
}

void reduce_add_f16(void* address, const __half* values, int count, const char* instruction,
                    const SourceSite& site) {
  add_each(address, values, count, instruction, site);
}

}  // namespace packproof::simt::detail
