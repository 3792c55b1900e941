// stmatrix: the fragments of a warp to 8x8 matrices of 16-bit elements in shared memory
// (PTX ISA, "Warp-level matrix store instruction: stmatrix"). All 32 lanes must call.
//
// The inverse of ldmatrix, with the same fragments and row addresses: see ldmatrix.cuh. Rows that
// overlap get one of the values, which one is undefined. Orders nothing: __syncwarp or more must
// stand between it and those who read what other lanes' addresses named.
// On the host an address outside shared memory, past its variable or misaligned is fatal.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#define PACKPROOF_STMATRIX_1(trans, row, r0)                                          \
  asm volatile("stmatrix.sync.aligned.m8n8.x1" trans ".shared.b16 [%0], {%1};" ::"r"( \
                   static_cast<std::uint32_t>(__cvta_generic_to_shared(row))),        \
               "r"(r0)                                                                \
               : "memory")
#define PACKPROOF_STMATRIX_2(trans, row, r0, r1)                                          \
  asm volatile("stmatrix.sync.aligned.m8n8.x2" trans ".shared.b16 [%0], {%1, %2};" ::"r"( \
                   static_cast<std::uint32_t>(__cvta_generic_to_shared(row))),            \
               "r"(r0), "r"(r1)                                                           \
               : "memory")
#define PACKPROOF_STMATRIX_4(trans, row, r0, r1, r2, r3)                                          \
  asm volatile("stmatrix.sync.aligned.m8n8.x4" trans ".shared.b16 [%0], {%1, %2, %3, %4};" ::"r"( \
                   static_cast<std::uint32_t>(__cvta_generic_to_shared(row))),                    \
               "r"(r0), "r"(r1), "r"(r2), "r"(r3)                                                 \
               : "memory")
#else
#include "kernels/simt/matrix/emulated_matrix.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

template <int kMatrices>
__device__ inline void stmatrix(void* row,
                                const std::uint32_t (&fragment)[kMatrices] SIMT_AND_CALLER) {
  static_assert(kMatrices == 1 || kMatrices == 2 || kMatrices == 4);
#ifdef __CUDACC__
  if constexpr (kMatrices == 1) {
    PACKPROOF_STMATRIX_1("", row, fragment[0]);
  } else if constexpr (kMatrices == 2) {
    PACKPROOF_STMATRIX_2("", row, fragment[0], fragment[1]);
  } else {
    PACKPROOF_STMATRIX_4("", row, fragment[0], fragment[1], fragment[2], fragment[3]);
  }
#else
  simt::detail::store_matrices({kMatrices, false, "stmatrix"}, row, fragment, site);
#endif
}

template <int kMatrices>
__device__ inline void stmatrix_trans(void* row,
                                      const std::uint32_t (&fragment)[kMatrices] SIMT_AND_CALLER) {
  static_assert(kMatrices == 1 || kMatrices == 2 || kMatrices == 4);
#ifdef __CUDACC__
  if constexpr (kMatrices == 1) {
    PACKPROOF_STMATRIX_1(".trans", row, fragment[0]);
  } else if constexpr (kMatrices == 2) {
    PACKPROOF_STMATRIX_2(".trans", row, fragment[0], fragment[1]);
  } else {
    PACKPROOF_STMATRIX_4(".trans", row, fragment[0], fragment[1], fragment[2], fragment[3]);
  }
#else
  simt::detail::store_matrices({kMatrices, true, "stmatrix.trans"}, row, fragment, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS

#ifdef __CUDACC__
#undef PACKPROOF_STMATRIX_1
#undef PACKPROOF_STMATRIX_2
#undef PACKPROOF_STMATRIX_4
#endif
