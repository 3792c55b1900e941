#include "kernels/device/instructions/wgmma.cuh"

#include <stdexcept>

#include "kernels/device/conformance/wgmma_conformance.h"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 128;

__device__ inline std::uint64_t descriptor_of(const unsigned char* image, const WgmmaOperand& o) {
  return matrix_descriptor(image + o.start, o.leading, o.stride, static_cast<Swizzle>(o.swizzle));
}

template <class Element, WgmmaA kWhereAIs, Major kMajorA, Major kMajorB, int kColumns>
__global__ void __launch_bounds__(kThreads) one_wgmma(WgmmaParams p) {
  SIMT_DYN_SHARED(image);
  const int thread = static_cast<int>(threadIdx.x);
  for (int i = thread; i < p.image_bytes / 4; i += kThreads) {
    reinterpret_cast<std::uint32_t*>(image)[i] = reinterpret_cast<const std::uint32_t*>(p.image)[i];
  }
  fence_proxy_async_shared();
  __syncthreads();  // image is complete
  float d[kColumns / 2];
#pragma unroll
  for (int i = 0; i < kColumns / 2; ++i) d[i] = p.c[thread * (kColumns / 2) + i];
  const std::uint64_t b = descriptor_of(image, p.b);
  if constexpr (kWhereAIs == WgmmaA::kShared) {
    const std::uint64_t a = descriptor_of(image, p.a);
    wgmma_fence();
    wgmma<Element, kMajorA, kMajorB>(d, a, b, p.accumulates);
  } else {
    std::uint32_t a[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) a[i] = p.a_fragments[4 * thread + i];
    wgmma_fence();
    wgmma<Element, kMajorB>(d, a, b, p.accumulates);
  }
  wgmma_commit_group();
  wgmma_wait_group<0>();
  keep_in_order(d);
#pragma unroll
  for (int i = 0; i < kColumns / 2; ++i) p.d[thread * (kColumns / 2) + i] = d[i];
}

using Kernel = void (*)(WgmmaParams);

// The kernel for p.columns among kColumns, or null.
template <class Element, WgmmaA kWhereAIs, Major kMajorA, Major kMajorB, int... kColumns>
Kernel kernel_for(const WgmmaParams& p, std::integer_sequence<int, kColumns...>) {
  Kernel kernel = nullptr;
  ((p.columns == kColumns ? void(kernel = one_wgmma<Element, kWhereAIs, kMajorA, kMajorB, kColumns>)
                          : void()),
   ...);
  return kernel;
}

template <int... kEighths>
constexpr std::integer_sequence<int, 8 * (kEighths + 1)...> times_eight(
    std::integer_sequence<int, kEighths...>) {
  return {};
}
using AllColumns = decltype(times_eight(std::make_integer_sequence<int, 32>()));
using SomeColumns = std::integer_sequence<int, 8, 24, 64, 136, 256>;

template <class Element>
Kernel kernel_of(const WgmmaParams& p) {
  constexpr bool kHasMnMajor = !std::is_same_v<Element, Tf32>;
  const bool in_shared = p.where_a_is == WgmmaA::kShared;
  const bool a_is_mn = in_shared && p.a.is_mn_major;
  if (!a_is_mn && !p.b.is_mn_major) {
    return in_shared
               ? kernel_for<Element, WgmmaA::kShared, Major::kK, Major::kK>(p, AllColumns())
               : kernel_for<Element, WgmmaA::kFragment, Major::kK, Major::kK>(p, AllColumns());
  }
  if constexpr (kHasMnMajor) {
    constexpr SomeColumns kSome;
    if (!in_shared) {
      return kernel_for<Element, WgmmaA::kFragment, Major::kK, Major::kMn>(p, kSome);
    }
    if (!a_is_mn) return kernel_for<Element, WgmmaA::kShared, Major::kK, Major::kMn>(p, kSome);
    return p.b.is_mn_major ? kernel_for<Element, WgmmaA::kShared, Major::kMn, Major::kMn>(p, kSome)
                           : kernel_for<Element, WgmmaA::kShared, Major::kMn, Major::kK>(p, kSome);
  }
  return nullptr;
}

}  // namespace

void run_wgmma(const WgmmaParams& p, Stream stream) {
  const Kernel kernel = p.form == WgmmaForm::kBf16   ? kernel_of<__nv_bfloat16>(p)
                        : p.form == WgmmaForm::kFp16 ? kernel_of<__half>(p)
                                                     : kernel_of<Tf32>(p);
  if (kernel == nullptr) throw std::invalid_argument("no kernel for this N and major-ness");
  simt::launch(kernel, 1, kThreads, static_cast<std::size_t>(p.image_bytes), stream, p);
}

}  // namespace packproof::PACKPROOF_KERNELS
