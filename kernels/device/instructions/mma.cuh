// mma.sync: d = a b + c by a warp's tensor cores, float32 accumulation (PTX ISA, "Multiply-and-
// accumulate instruction: mma"). All 32 lanes must call. `d` may be `c`.
//
// Fragments of lane l, with g = l / 4 and t = l % 4 (PTX ISA, "Matrix fragments for mma.m16n8k16
// with floating point type", "... for mma.m16n8k8"). Of two 16-bit elements in one register the
// first is the low half:
//   m16n8k16  a[0] = A[g][2t], A[g][2t+1]       a[1] = the same of row g + 8
//             a[2] = A[g][2t+8], A[g][2t+9]     a[3] = the same of row g + 8
//             b[0] = B[2t][g], B[2t+1][g]       b[1] = B[2t+8][g], B[2t+9][g]
//   m16n8k8   a[0] = A[g][t]  a[1] = A[g+8][t]  a[2] = A[g][t+4]  a[3] = A[g+8][t+4]
//             b[0] = B[t][g]  b[1] = B[t+4][g]
//   both      c[0] = C[g][2t]  c[1] = C[g][2t+1]  c[2] = C[g+8][2t]  c[3] = C[g+8][2t+1]
//
// Order and rounding of the sum are unspecified on a device, with at least single precision. The
// emulation adds a product after the other to c, k ascending, each product and each sum rounded to
// the nearest float; 16-bit and tf32 products are exact in a float, but at the edges of its range.
// Of a tf32 operand, only the upper 19 bits count: how the lower 13 would be used is undefined.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#define PACKPROOF_MMA(shape, types, d, a, b, c)                                                \
  asm volatile("mma.sync.aligned." shape ".row.col." types                                     \
               " {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};"          \
               : "=f"((d)[0]), "=f"((d)[1]), "=f"((d)[2]), "=f"((d)[3])                        \
               : "r"((a)[0]), "r"((a)[1]), "r"((a)[2]), "r"((a)[3]), "r"((b)[0]), "r"((b)[1]), \
                 "f"((c)[0]), "f"((c)[1]), "f"((c)[2]), "f"((c)[3]))
#else
#include "kernels/simt/matrix/emulated_mma.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

__device__ inline void mma_m16n8k16_bf16(float (&d)[4], const std::uint32_t (&a)[4],
                                         const std::uint32_t (&b)[2],
                                         const float (&c)[4] SIMT_AND_CALLER) {
#ifdef __CUDACC__
  PACKPROOF_MMA("m16n8k16", "f32.bf16.bf16.f32", d, a, b, c);
#else
  simt::detail::multiply_bf16({d, a, b, c, &site});
#endif
}

__device__ inline void mma_m16n8k16_f16(float (&d)[4], const std::uint32_t (&a)[4],
                                        const std::uint32_t (&b)[2],
                                        const float (&c)[4] SIMT_AND_CALLER) {
#ifdef __CUDACC__
  PACKPROOF_MMA("m16n8k16", "f32.f16.f16.f32", d, a, b, c);
#else
  simt::detail::multiply_f16({d, a, b, c, &site});
#endif
}

__device__ inline void mma_m16n8k8_tf32(float (&d)[4], const std::uint32_t (&a)[4],
                                        const std::uint32_t (&b)[2],
                                        const float (&c)[4] SIMT_AND_CALLER) {
#ifdef __CUDACC__
  PACKPROOF_MMA("m16n8k8", "f32.tf32.tf32.f32", d, a, b, c);
#else
  simt::detail::multiply_tf32({d, a, b, c, &site});
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS

#ifdef __CUDACC__
#undef PACKPROOF_MMA
#endif
