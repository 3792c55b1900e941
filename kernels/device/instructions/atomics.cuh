// red.add: adds to memory and returns nothing (PTX ISA, "red"). Relaxed, at the scope of the
// device; orders no other access. Each element is added in one step of its own, rounded to nearest
// even; elements of a vector are not updated together. Subnormals: kept in 16-bit formats; in float
// flushed by a device in global memory, kept in shared memory and on the host.
// The address must be aligned to the whole vector; on the host anything else is fatal.
#pragma once

#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include <cstdint>
#include <cstring>
#else
#include "kernels/simt/block/emulated_access.h"
#include "kernels/simt/runtime/emulated_atomics.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// Global or shared memory.
__device__ inline void red_add(float* address, float value SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("red.relaxed.gpu.add.f32 [%0], %1;" ::"l"(address), "f"(value) : "memory");
#else
  simt::detail::reduce_add_f32(address, &value, 1, "red.add.f32", site);
#endif
}

// Global or shared memory.
__device__ inline void red_add(__nv_bfloat162* address, __nv_bfloat162 value SIMT_AND_CALLER) {
#ifdef __CUDACC__
  std::uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  asm volatile("red.relaxed.gpu.add.noftz.bf16x2 [%0], %1;" ::"l"(address), "r"(bits) : "memory");
#else
  simt::detail::reduce_add_bf16(address, &value.x, 2, "red.add.bf16x2", site);
#endif
}

// Global or shared memory.
__device__ inline void red_add(__half2* address, __half2 value SIMT_AND_CALLER) {
#ifdef __CUDACC__
  std::uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  asm volatile("red.relaxed.gpu.add.noftz.f16x2 [%0], %1;" ::"l"(address), "r"(bits) : "memory");
#else
  simt::detail::reduce_add_f16(address, &value.x, 2, "red.add.f16x2", site);
#endif
}

// Global memory only.
__device__ inline void red_add(float2* address, float2 value SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile(
      "red.relaxed.gpu.global.add.v2.f32 [%0], {%1, %2};" ::"l"(__cvta_generic_to_global(address)),
      "f"(value.x), "f"(value.y)
      : "memory");
#else
  simt::detail::refuse_shared(address, "red.add.v2.f32", site);
  simt::detail::reduce_add_f32(address, &value.x, 2, "red.add.v2.f32", site);
#endif
}

// Global memory only.
__device__ inline void red_add(float4* address, float4 value SIMT_AND_CALLER) {
#ifdef __CUDACC__
  asm volatile("red.relaxed.gpu.global.add.v4.f32 [%0], {%1, %2, %3, %4};" ::"l"(
                   __cvta_generic_to_global(address)),
               "f"(value.x), "f"(value.y), "f"(value.z), "f"(value.w)
               : "memory");
#else
  simt::detail::refuse_shared(address, "red.add.v4.f32", site);
  simt::detail::reduce_add_f32(address, &value.x, 4, "red.add.v4.f32", site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS
