// Matrix descriptors: how wgmma finds an operand in shared memory (PTX ISA, "Asynchronous Warpgroup
// Level Matrix Instructions": "Matrix descriptor format", "Shared memory matrix layout",
// "Strides").
//
// In chunks of 16 bytes (8 elements of 16 bits), with row_bytes the length of a swizzled row:
//   K-major    kNone   chunk (row, k)  at row % 8 * 16 + row / 8 * stride + k * leading
//              else                    at row % 8 * row_bytes + row / 8 * stride + k * 16
//   MN-major   kNone   chunk (mn, k)   at k % 8 * 16 + k / 8 * leading + mn * stride
//              else, w = row_bytes / 16
//                                      at mn % w * 16 + mn / w * leading + k % 8 * row_bytes +
//                                         k / 8 * stride
// where K-major rows are of M or N and k counts chunks; MN-major mn counts chunks and k elements of
// K. With a swizzle the sum, as an address, is then swizzled. A tensor copy with the same swizzle
// lays out a box just so: rows of the box are rows here (K-major), or elements of K (MN-major).
#pragma once

#include <cstdint>

#include "kernels/device/instructions/swizzle.cuh"
#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include "kernels/device/instructions/shared_address.cuh"
#else
#include "kernels/simt/matrix/emulated_warpgroup.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// `start`, a multiple of 16 bytes, is the operand's first element: in the first row of a swizzle
// pattern (256, 512 or 1024 bytes), at any chunk of it. The strides are multiples of 16 below 2^18
// bytes; with a swizzle, K-major does not use `leading_bytes`. On the host, what does not fit is
// fatal.
__device__ inline std::uint64_t matrix_descriptor(const void* start, std::uint32_t leading_bytes,
                                                  std::uint32_t stride_bytes,
                                                  Swizzle swizzle SIMT_AND_CALLER) {
#ifdef __CUDACC__
  const std::uint32_t address = shared_address(start);
#else
  const std::uint32_t address =
      simt::detail::matrix_start_address(start, leading_bytes, stride_bytes, site);
#endif
  const auto field = [](std::uint32_t bytes) -> std::uint64_t { return (bytes & 0x3ffffu) >> 4; };
  const std::uint64_t mode = swizzle == Swizzle::k128Bytes  ? 1
                             : swizzle == Swizzle::k64Bytes ? 2
                             : swizzle == Swizzle::k32Bytes ? 3
                                                            : 0;
  return field(address) | field(leading_bytes) << 16 | field(stride_bytes) << 32 | mode << 62;
}

}  // namespace packproof::PACKPROOF_KERNELS
