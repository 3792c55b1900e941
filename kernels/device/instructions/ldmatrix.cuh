// ldmatrix: 8x8 matrices of 16-bit elements from shared memory into the fragments of a warp
// (PTX ISA, "Warp-level matrix load instruction: ldmatrix"). All 32 lanes must call.
//
// The fragment's size says how many matrices: 1, 2 or 4. Lane i gives the address of row i % 8 of
// matrix i / 8: 16 bytes, 16-byte aligned; with fewer than four matrices the addresses of later
// lanes are not used. fragment[m] of lane l is then elements (l / 4, 2 (l % 4)) and
// (l / 4, 2 (l % 4) + 1) of matrix m, the first in the low half; by ldmatrix_trans, elements
// (2 (l % 4), l / 4) and (2 (l % 4) + 1, l / 4).
//
// Orders nothing: what other lanes wrote must have been ordered before, by __syncwarp or more.
// On the host an address outside shared memory, past its variable or misaligned is fatal.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#define PACKPROOF_LDMATRIX_1(trans, row, r0)                                    \
  asm volatile("ldmatrix.sync.aligned.m8n8.x1" trans ".shared.b16 {%0}, [%1];"  \
               : "=r"(r0)                                                       \
               : "r"(static_cast<std::uint32_t>(__cvta_generic_to_shared(row))) \
               : "memory")
#define PACKPROOF_LDMATRIX_2(trans, row, r0, r1)                                   \
  asm volatile("ldmatrix.sync.aligned.m8n8.x2" trans ".shared.b16 {%0, %1}, [%2];" \
               : "=r"(r0), "=r"(r1)                                                \
               : "r"(static_cast<std::uint32_t>(__cvta_generic_to_shared(row)))    \
               : "memory")
#define PACKPROOF_LDMATRIX_4(trans, row, r0, r1, r2, r3)                                   \
  asm volatile("ldmatrix.sync.aligned.m8n8.x4" trans ".shared.b16 {%0, %1, %2, %3}, [%4];" \
               : "=r"(r0), "=r"(r1), "=r"(r2), "=r"(r3)                                    \
               : "r"(static_cast<std::uint32_t>(__cvta_generic_to_shared(row)))            \
               : "memory")
#else
#include "kernels/simt/matrix/emulated_matrix.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

template <int kMatrices>
__device__ inline void ldmatrix(std::uint32_t (&fragment)[kMatrices],
                                const void* row SIMT_AND_CALLER) {
  static_assert(kMatrices == 1 || kMatrices == 2 || kMatrices == 4);
#ifdef __CUDACC__
  if constexpr (kMatrices == 1) {
    PACKPROOF_LDMATRIX_1("", row, fragment[0]);
  } else if constexpr (kMatrices == 2) {
    PACKPROOF_LDMATRIX_2("", row, fragment[0], fragment[1]);
  } else {
    PACKPROOF_LDMATRIX_4("", row, fragment[0], fragment[1], fragment[2], fragment[3]);
  }
#else
  simt::detail::load_matrices({kMatrices, false, "ldmatrix"}, row, fragment, site);
#endif
}

template <int kMatrices>
__device__ inline void ldmatrix_trans(std::uint32_t (&fragment)[kMatrices],
                                      const void* row SIMT_AND_CALLER) {
  static_assert(kMatrices == 1 || kMatrices == 2 || kMatrices == 4);
#ifdef __CUDACC__
  if constexpr (kMatrices == 1) {
    PACKPROOF_LDMATRIX_1(".trans", row, fragment[0]);
  } else if constexpr (kMatrices == 2) {
    PACKPROOF_LDMATRIX_2(".trans", row, fragment[0], fragment[1]);
  } else {
    PACKPROOF_LDMATRIX_4(".trans", row, fragment[0], fragment[1], fragment[2], fragment[3]);
  }
#else
  simt::detail::load_matrices({kMatrices, true, "ldmatrix.trans"}, row, fragment, site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS

#ifdef __CUDACC__
#undef PACKPROOF_LDMATRIX_1
#undef PACKPROOF_LDMATRIX_2
#undef PACKPROOF_LDMATRIX_4
#endif
