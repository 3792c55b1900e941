// wgmma: matrix products of a warpgroup, four warps that start at a multiple of four (PTX ISA,
// "Asynchronous Warpgroup Level Matrix Instructions": wgmma.mma_async, wgmma.fence,
// wgmma.commit_group, wgmma.wait_group).
//
//   wgmma_fence();                    // registers written so far may be read
//   wgmma<__nv_bfloat16>(d, a, b, accumulate);        // any number of them
//   wgmma_commit_group();
//   wgmma_wait_group<0>();
//   keep_in_order(d);                 // no use of d moves above the wait
//
// d (+)= A B, with d 64 x N in fp32, A 64 x 16 and B 16 x N of bf16 or fp16, or (Tf32) A 64 x 8 and
// B 8 x N. N is twice the size of d, 8 to 256 in steps of 8. All four warps execute the same.
// Thread t of the warpgroup has d[i] = D(t / 32 * 16 + t % 32 / 4 + i / 2 % 2 * 8,
// i / 4 * 8 + t % 4 * 2 + i % 2). A is in shared memory (matrix_descriptor.cuh), or in registers:
// as A of mma.m16n8k16 (or m16n8k8) of the warp's 16 rows. B is in shared memory.
//
// Until the wait, d and A's registers may not be touched, nor shared memory that is read be
// written. Shared memory that threads wrote needs fence_proxy_async_shared and a barrier first.
//
// On the host d is NaN until the wait. Each element starts from d (or 0) and adds its products in
// the order of k in single precision; the device's order and rounding are its own. Fatal: warps or
// lanes that differ, a missing wgmma_fence where it shows, d written before the wait, an operand
// outside its variable, a product never waited for.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/device/instructions/matrix_descriptor.cuh"
#include "kernels/simt/api/simt.h"
#ifdef __CUDACC__
#include "kernels/device/instructions/wgmma_registers.cuh"
#else
#include "kernels/simt/matrix/emulated_warpgroup.h"
#endif

namespace packproof::PACKPROOF_KERNELS {

// Along which dimension 16 bytes of an operand run. kMn exists for 16-bit elements only.
enum class Major { kK, kMn };

// fp32 of which the lower 13 bits are not read.
struct Tf32 {};

__device__ inline void wgmma_fence(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
#else
  simt::detail::fence_warpgroup(site);
#endif
}

// What the warp has issued since its last commit becomes one group.
__device__ inline void wgmma_commit_group(SIMT_CALLER) {
#ifdef __CUDACC__
  asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
#else
  simt::detail::commit_warpgroup_products(site);
#endif
}

// Waits until at most the kPending most recent groups are pending.
template <int kPending>
__device__ inline void wgmma_wait_group(SIMT_CALLER) {
  static_assert(kPending >= 0 && kPending <= 7);
#ifdef __CUDACC__
  asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(kPending) : "memory");
#else
  simt::detail::wait_for_warpgroup_products(kPending, site);
#endif
}

// No instruction: keeps the compiler from moving uses of d across it.
template <int kRegisters>
__device__ inline void keep_in_order([[maybe_unused]] float (&d)[kRegisters]) {
#ifdef __CUDACC__
#pragma unroll
  for (int i = 0; i < kRegisters; ++i) asm volatile("" : "+f"(d[i])::"memory");
#endif
}

#ifdef __CUDACC__

// clang-format off
#define PACKPROOF_WGMMA_TEXT(n, depth, type, operands, scale, rest)                        \
  "{\n"                                                                                    \
  ".reg .pred accumulate;\n"                                                               \
  "setp.ne.b32 accumulate, %" scale ", 0;\n"                                               \
  "wgmma.mma_async.sync.aligned.m64n" #n "k" depth ".f32." type "." type " "               \
  "{" PACKPROOF_WGMMA_R##n "}, " operands ", accumulate, 1, 1" rest ";\n"                  \
  "}"
// Operands after d: descriptors of A and B, scale-d, transposition of A and B.
#define PACKPROOF_WGMMA_SHARED(type, n, i0, i1, i2, i3, i4, i5, i6)                        \
  if constexpr (kRegisters == n / 2) {                                                     \
    asm volatile(PACKPROOF_WGMMA_TEXT(n, "16", type, "%" i0 ", %" i1, i2, ", %" i3 ", %" i4) \
                 : PACKPROOF_WGMMA_D##n                                                    \
                 : "l"(a), "l"(b), "r"(scale), "n"(kTransposeA), "n"(kTransposeB));        \
  }
// A's four registers, descriptor of B, scale-d, transposition of B.
#define PACKPROOF_WGMMA_FRAGMENT(type, n, i0, i1, i2, i3, i4, i5, i6)                      \
  if constexpr (kRegisters == n / 2) {                                                     \
    asm volatile(PACKPROOF_WGMMA_TEXT(n, "16", type,                                       \
                     "{%" i0 ", %" i1 ", %" i2 ", %" i3 "}, %" i4, i5, ", %" i6)           \
                 : PACKPROOF_WGMMA_D##n                                                    \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(scale),         \
                   "n"(kTransposeB));                                                      \
  }
#define PACKPROOF_WGMMA_TF32_SHARED(n, i0, i1, i2, i3, i4, i5, i6)                         \
  if constexpr (kRegisters == n / 2) {                                                     \
    asm volatile(PACKPROOF_WGMMA_TEXT(n, "8", "tf32", "%" i0 ", %" i1, i2, "")             \
                 : PACKPROOF_WGMMA_D##n                                                    \
                 : "l"(a), "l"(b), "r"(scale));                                            \
  }
#define PACKPROOF_WGMMA_TF32_FRAGMENT(n, i0, i1, i2, i3, i4, i5, i6)                       \
  if constexpr (kRegisters == n / 2) {                                                     \
    asm volatile(PACKPROOF_WGMMA_TEXT(n, "8", "tf32",                                      \
                     "{%" i0 ", %" i1 ", %" i2 ", %" i3 "}, %" i4, i5, "")                 \
                 : PACKPROOF_WGMMA_D##n                                                    \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(scale));        \
  }
#define PACKPROOF_WGMMA_BF16_SHARED(...) PACKPROOF_WGMMA_SHARED("bf16", __VA_ARGS__)
#define PACKPROOF_WGMMA_FP16_SHARED(...) PACKPROOF_WGMMA_SHARED("f16", __VA_ARGS__)
#define PACKPROOF_WGMMA_BF16_FRAGMENT(...) PACKPROOF_WGMMA_FRAGMENT("bf16", __VA_ARGS__)
#define PACKPROOF_WGMMA_FP16_FRAGMENT(...) PACKPROOF_WGMMA_FRAGMENT("f16", __VA_ARGS__)
// clang-format on

#else

namespace wgmma_detail {

template <class Element>
constexpr simt::detail::MatrixFormat kFormat = simt::detail::MatrixFormat::kTf32;
template <>
inline constexpr simt::detail::MatrixFormat kFormat<__nv_bfloat16> =
    simt::detail::MatrixFormat::kBf16;
template <>
inline constexpr simt::detail::MatrixFormat kFormat<__half> = simt::detail::MatrixFormat::kFp16;

}  // namespace wgmma_detail

#endif

namespace wgmma_detail {

template <class Element, Major kMajorA, Major kMajorB>
inline constexpr bool kIsElement = std::is_same_v<Element, __nv_bfloat16> ||
                                   std::is_same_v<Element, __half> ||
                                   (std::is_same_v<Element, Tf32> && kMajorA == Major::kK &&
                                    kMajorB == Major::kK);

template <int kRegisters>
inline constexpr bool kIsSize = kRegisters % 4 == 0 && kRegisters >= 4 && kRegisters <= 128;

}  // namespace wgmma_detail

// A and B by descriptor. Without `accumulate` d is not read.
template <class Element, Major kMajorA = Major::kK, Major kMajorB = Major::kK, int kRegisters>
__device__ inline void wgmma(float (&d)[kRegisters], std::uint64_t a, std::uint64_t b,
                             bool accumulate SIMT_AND_CALLER) {
  static_assert(wgmma_detail::kIsElement<Element, kMajorA, kMajorB>,
                "bf16 or fp16, or Tf32 with both operands K-major");
  static_assert(wgmma_detail::kIsSize<kRegisters>, "d has N / 2 elements: 4 to 128 in steps of 4");
#ifdef __CUDACC__
  constexpr int kTransposeA [[maybe_unused]] = kMajorA == Major::kMn;
  constexpr int kTransposeB [[maybe_unused]] = kMajorB == Major::kMn;
  const int scale = accumulate;
  if constexpr (std::is_same_v<Element, __nv_bfloat16>) {
    PACKPROOF_WGMMA_SHAPES(PACKPROOF_WGMMA_BF16_SHARED)
  } else if constexpr (std::is_same_v<Element, __half>) {
    PACKPROOF_WGMMA_SHAPES(PACKPROOF_WGMMA_FP16_SHARED)
  } else {
    PACKPROOF_WGMMA_SHAPES(PACKPROOF_WGMMA_TF32_SHARED)
  }
#else
  simt::detail::issue_warpgroup_product({.format = wgmma_detail::kFormat<Element>,
                                         .columns = 2 * kRegisters,
                                         .accumulates = accumulate,
                                         .a_in_registers = false,
                                         .a_descriptor = a,
                                         .b_descriptor = b,
                                         .a_is_mn_major = kMajorA == Major::kMn,
                                         .b_is_mn_major = kMajorB == Major::kMn,
                                         .a_fragment = nullptr,
                                         .accumulators = d},
                                        site);
#endif
}

// A in registers, B by descriptor. With one wgmma_fence between two of them, the registers of A
// must be other ones, or hold the same.
template <class Element, Major kMajorB = Major::kK, int kRegisters>
__device__ inline void wgmma(float (&d)[kRegisters], const std::uint32_t (&a)[4], std::uint64_t b,
                             bool accumulate SIMT_AND_CALLER) {
  static_assert(wgmma_detail::kIsElement<Element, Major::kK, kMajorB>,
                "bf16 or fp16, or Tf32 with B K-major");
  static_assert(wgmma_detail::kIsSize<kRegisters>, "d has N / 2 elements: 4 to 128 in steps of 4");
#ifdef __CUDACC__
  constexpr int kTransposeB [[maybe_unused]] = kMajorB == Major::kMn;
  const int scale = accumulate;
  if constexpr (std::is_same_v<Element, __nv_bfloat16>) {
    PACKPROOF_WGMMA_SHAPES(PACKPROOF_WGMMA_BF16_FRAGMENT)
  } else if constexpr (std::is_same_v<Element, __half>) {
    PACKPROOF_WGMMA_SHAPES(PACKPROOF_WGMMA_FP16_FRAGMENT)
  } else {
    PACKPROOF_WGMMA_SHAPES(PACKPROOF_WGMMA_TF32_FRAGMENT)
  }
#else
  simt::detail::issue_warpgroup_product({.format = wgmma_detail::kFormat<Element>,
                                         .columns = 2 * kRegisters,
                                         .accumulates = accumulate,
                                         .a_in_registers = true,
                                         .a_descriptor = 0,
                                         .b_descriptor = b,
                                         .a_is_mn_major = false,
                                         .b_is_mn_major = kMajorB == Major::kMn,
                                         .a_fragment = a,
                                         .accumulators = d},
                                        site);
#endif
}

}  // namespace packproof::PACKPROOF_KERNELS

#ifdef __CUDACC__
#undef PACKPROOF_WGMMA_TEXT
#undef PACKPROOF_WGMMA_SHARED
#undef PACKPROOF_WGMMA_FRAGMENT
#undef PACKPROOF_WGMMA_TF32_SHARED
#undef PACKPROOF_WGMMA_TF32_FRAGMENT
#undef PACKPROOF_WGMMA_BF16_SHARED
#undef PACKPROOF_WGMMA_FP16_SHARED
#undef PACKPROOF_WGMMA_BF16_FRAGMENT
#undef PACKPROOF_WGMMA_FP16_FRAGMENT
#endif
