// A product for tests of tensor copies and wgmma. Each test file has its own copy, so
// that they run under the race detector too. `mistake` breaks one thing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "kernels/device/instructions/bulk_copy.cuh"
#include "kernels/device/instructions/elect.cuh"
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/named_barrier.cuh"
#include "kernels/device/instructions/tensor_copy.cuh"
#include "kernels/device/instructions/wgmma.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class ProductMistake {
  kNone,
  kNoFullWait,
  kWrongSwizzle,
  kWaitsForOneLess,
  kFreesEarly,
  kExpectsLess,
  kUnfencedStore,
  kNoStoreBarrier
};

constexpr int kM = 64;
constexpr int kN = 32;
constexpr int kDepth = 64;  // of a stage: a swizzled row of 128 bytes
constexpr int kProductStages = 2;
constexpr int kStageBytes = (kM + kN) * kDepth * 2;

// y[row][n] = sum over k of x[row][k] w[n][k], rows from 64 * blockIdx.x. Warp 4 loads; warps 0 to
// 3 compute, and one thread of theirs stores.
[[maybe_unused]] __global__ void product(const __grid_constant__ TensorMap x,
                                         const __grid_constant__ TensorMap w,
                                         const __grid_constant__ TensorMap y, int steps,
                                         ProductMistake mistake) {
  SIMT_DYN_SHARED(smem);
  SIMT_SHARED(Mbarrier, full, [kProductStages]);
  SIMT_SHARED(Mbarrier, empty, [kProductStages]);
  auto* const out = reinterpret_cast<float*>(smem + kProductStages * kStageBytes);
  const int row = 64 * static_cast<int>(blockIdx.x);
  if (threadIdx.x == 0) {
    for (int s = 0; s < kProductStages; ++s) {
      mbarrier_init(&full[s], 1);
      mbarrier_init(&empty[s], 128);
    }
    mbarrier_init_fence();
  }
  __syncthreads();  // the mbarriers are initialised
  if (threadIdx.x >= 128) {
    if (!elect_one()) return;
    for (int i = 0; i < steps; ++i) {
      const int s = i % kProductStages;
      mbarrier_wait(&empty[s], (static_cast<unsigned>(i / kProductStages) & 1) ^ 1);
      const int less = mistake == ProductMistake::kExpectsLess ? 16 : 0;
      mbarrier_arrive_expect_tx(&full[s], static_cast<unsigned>(kStageBytes - less));
      tensor_load(smem + s * kStageBytes, x, i * kDepth, row, &full[s]);
      tensor_load(smem + s * kStageBytes + kM * kDepth * 2, w, i * kDepth, 0, &full[s]);
    }
    return;
  }
  float d[kN / 2];
  for (int i = 0; i < steps; ++i) {
    const int s = i % kProductStages;
    if (mistake != ProductMistake::kNoFullWait) {
      mbarrier_wait(&full[s], static_cast<unsigned>(i / kProductStages) & 1);
    }
    wgmma_fence();
    for (int k = 0; k < kDepth / 16; ++k) {
      const unsigned char* const a = smem + s * kStageBytes + 32 * k;
      const Swizzle swizzle =
          mistake == ProductMistake::kWrongSwizzle ? Swizzle::kNone : Swizzle::k128Bytes;
      wgmma<__nv_bfloat16>(d, matrix_descriptor(a, 16, 1024, Swizzle::k128Bytes),
                           matrix_descriptor(a + kM * kDepth * 2, 16, 1024, swizzle), i + k > 0);
    }
    wgmma_commit_group();
    if (mistake == ProductMistake::kFreesEarly && i + 1 < steps) {
      mbarrier_arrive(&empty[s]);
      if (i > 0) wgmma_wait_group<1>();
      continue;
    }
    if (mistake == ProductMistake::kWaitsForOneLess) {
      wgmma_wait_group<1>();
    } else {
      wgmma_wait_group<0>();
    }
    keep_in_order(d);
    mbarrier_arrive(&empty[s]);
  }
  const int thread = static_cast<int>(threadIdx.x);
  for (int i = 0; i < kN / 2; ++i) {
    const int m = thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8;
    out[m * kN + i / 4 * 8 + thread % 4 * 2 + i % 2] = d[i];
  }
  if (mistake == ProductMistake::kWaitsForOneLess) wgmma_wait_group<0>();
  if (mistake != ProductMistake::kUnfencedStore) fence_proxy_async_shared();
  if (mistake != ProductMistake::kNoStoreBarrier) named_barrier_sync(1, 128);  // out is written
  if (thread == 0) {
    tensor_store(y, 0, row, out);
    bulk_commit_group();
    bulk_wait_group_read<0>();
  }
}

template <class T>
class Aligned {
 public:
  explicit Aligned(size_t count)
      : values_(static_cast<T*>(std::aligned_alloc(64, count * sizeof(T)))) {}
  ~Aligned() { std::free(values_); }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  T* get() const { return values_; }

 private:
  T* values_;
};

// Largest |actual - expected| over all rows, NaN if there is one; rows beyond the tensor excluded.
inline double error_of(ProductMistake mistake) {
  constexpr int kRows = 100;  // the second block's tile reaches past the end
  constexpr int kSteps = 5;
  constexpr int kK = kSteps * kDepth;
  const Aligned<__nv_bfloat16> x(kRows * kK);
  const Aligned<__nv_bfloat16> w(kN * kK);
  const Aligned<float> y(kRows * kN);
  for (int i = 0; i < kRows * kK; ++i)
    x.get()[i] = __float2bfloat16(static_cast<float>(i * 7 % 64 - 31) / 32);
  for (int i = 0; i < kN * kK; ++i)
    w.get()[i] = __float2bfloat16(static_cast<float>(i * 5 % 32 - 15) / 16);
  std::fill(y.get(), y.get() + kRows * kN, -1.0f);
  const auto map = [](void* global, TensorElement element, unsigned columns, unsigned rows,
                      unsigned box_columns, unsigned box_rows, Swizzle swizzle) {
    const unsigned bytes = element == TensorElement::kFp32 ? 4 : 2;
    return make_tensor_map({global,
                            element,
                            2,
                            {columns, rows},
                            {0, columns * bytes},
                            {box_columns, box_rows},
                            swizzle});
  };
  simt::launch(product, 2, 160, kProductStages * kStageBytes + kM * kN * 4, nullptr,
               map(x.get(), TensorElement::kBf16, kK, kRows, kDepth, kM, Swizzle::k128Bytes),
               map(w.get(), TensorElement::kBf16, kK, kN, kDepth, kN, Swizzle::k128Bytes),
               map(y.get(), TensorElement::kFp32, kN, kRows, kN, kM, Swizzle::kNone), kSteps,
               mistake);
  double error = 0;
  for (int row = 0; row < kRows; ++row) {
    for (int n = 0; n < kN; ++n) {
      double sum = 0;
      for (int k = 0; k < kK; ++k) {
        sum += double{__bfloat162float(x.get()[row * kK + k])} *
               double{__bfloat162float(w.get()[n * kK + k])};
      }
      const double difference = std::fabs(sum - double{y.get()[row * kN + n]});
      if (std::isnan(difference)) return difference;
      error = std::max(error, difference);
    }
  }
  return error;
}

}  // namespace
}  // namespace packproof::PACKPROOF_KERNELS
