// red.add, emulated: see kernels/device/instructions/atomics.cuh. Host only.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// address[i] += values[i] in elements of one format, each on its own in one step. `address` must be
// aligned to `count` elements: it has no type before that has been checked.
void reduce_add_f32(void* address, const float* values, int count, const char* instruction,
                    const SourceSite& site);
void reduce_add_bf16(void* address, const __nv_bfloat16* values, int count, const char* instruction,
                     const SourceSite& site);
void reduce_add_f16(void* address, const __half* values, int count, const char* instruction,
                    const SourceSite& site);

}  // namespace packproof::simt::detail
