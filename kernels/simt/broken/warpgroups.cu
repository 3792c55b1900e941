// Mistakes with wgmma.
#include "kernels/device/instructions/fences.cuh"
#include "kernels/device/instructions/wgmma.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/simt/broken/broken_kernels.h"
#include "kernels/simt/broken/guarded_memory.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

enum class Fault {
  kNone,
  kNoFence,
  kNoCommit,
  kNoWait,
  kWaitsForOneTooFew,
  kReadsBeforeWait,
  kRefillsBeforeWait,
  kNoProxyFence,
  kNoBarrierBeforeProduct,
  kWrongSwizzle,
  kWrongStride,
  kWrongDepth,
  kThreeWarps,
  kLanesDisagree,
  kPastTile,
};

using bf16 = __nv_bfloat16;

constexpr int kThreads = 128;
constexpr int kM = 64;
constexpr int kN = 16;
constexpr int kDepth = 64;  // of a stage: rows of 128 bytes
constexpr int kSteps = 3;
constexpr int kStages = 2;

// Rows of 64 elements, from rows of kSteps * 64 in global memory, with the 128-byte swizzle.
__device__ void load_rows(bf16* tile, const bf16* from, int rows) {
  for (int i = static_cast<int>(threadIdx.x); i < rows * 8; i += kThreads) {
    const std::uint32_t at =
        swizzled_offset(static_cast<std::uint32_t>(i * 16), Swizzle::k128Bytes) / 2;
    *reinterpret_cast<uint4*>(tile + at) =
        *reinterpret_cast<const uint4*>(from + i / 8 * kSteps * kDepth + i % 8 * 8);
  }
}

// y [64][16] = x w^T, with x [64][192] and w [16][192]: three steps in two stages.
template <Fault kFault>
__global__ void product(const bf16* x, const bf16* w, float* y) {
  SIMT_SHARED_ALIGNED(1024, bf16, x_tiles, [kStages][kM * kDepth]);
  SIMT_SHARED_ALIGNED(1024, bf16, w_tiles, [kStages][kN * kDepth]);
  const int thread = static_cast<int>(threadIdx.x);
  const auto load = [&](int step) {
    load_rows(x_tiles[step % kStages], x + step * kDepth, kM);
    load_rows(w_tiles[step % kStages], w + step * kDepth, kN);
    if constexpr (kFault != Fault::kNoProxyFence) fence_proxy_async_shared();
  };
  float d[kN / 2];
  load(0);
  for (int step = 0; step < kSteps; ++step) {
    // Tiles are complete, and all products of the stage that is loaded next are done.
    if constexpr (kFault != Fault::kNoBarrierBeforeProduct) __syncthreads();
    const int stage = kFault == Fault::kWrongDepth ? 0 : step % kStages;
    if constexpr (kFault != Fault::kNoFence) wgmma_fence();
    const std::uint32_t stride = kFault == Fault::kWrongStride ? 512 : 1024;
    const Swizzle swizzle = kFault == Fault::kWrongSwizzle ? Swizzle::k64Bytes : Swizzle::k128Bytes;
    for (int k = 0; k < kDepth / 16; ++k) {
      const bf16* a = x_tiles[stage] + 16 * k + (kFault == Fault::kPastTile ? kDepth * 8 : 0);
      bool accumulate = step + k > 0;
      if (kFault == Fault::kLanesDisagree && thread % 32 == 5) accumulate = true;
      if (kFault == Fault::kThreeWarps && thread >= 96 && step == 1) continue;
      wgmma<bf16>(d, matrix_descriptor(a, 16, stride, swizzle),
                  matrix_descriptor(w_tiles[stage] + 16 * k, 16, 1024, swizzle), accumulate);
    }
    if constexpr (kFault != Fault::kNoCommit) wgmma_commit_group();
    if constexpr (kFault == Fault::kRefillsBeforeWait) {
      if (step + 2 < kSteps) load_rows(x_tiles[stage], x + (step + 2) * kDepth, kM);
    }
    if (step + 1 < kSteps) load(step + 1);  // the other stage
    if constexpr (kFault == Fault::kReadsBeforeWait) {
      if (step + 1 == kSteps) y[thread / 32 * 16 * kN] = d[0];
    }
    if constexpr (kFault == Fault::kWaitsForOneTooFew) {
      wgmma_wait_group<1>();
    } else if constexpr (kFault != Fault::kNoWait) {
      wgmma_wait_group<0>();
    }
    keep_in_order(d);
  }
  const int first = kFault == Fault::kReadsBeforeWait && thread % 32 == 0 ? 1 : 0;
  for (int i = first; i < kN / 2; ++i) {
    const int row = thread / 32 * 16 + thread % 32 / 4 + i / 2 % 2 * 8;
    y[row * kN + i / 4 * 8 + thread % 4 * 2 + i % 2] = d[i];
  }
}

template <Fault kFault>
bool run() {
  constexpr int kK = kSteps * kDepth;
  GuardedMemory<bf16> x(kM * kK);
  GuardedMemory<bf16> w(kN * kK);
  GuardedMemory<float> y(kM * kN);
  const auto x_of = [](int row, int k) { return (row * 5 + k * 3 + row * k / 7) % 9 - 4; };
  const auto w_of = [](int row, int k) { return (row * 2 + k * 7 + row * k / 5) % 9 - 4; };
  for (int k = 0; k < kK; ++k) {
    for (int row = 0; row < kM; ++row)
      x[row * kK + k] = __float2bfloat16(static_cast<float>(x_of(row, k)));
    for (int row = 0; row < kN; ++row)
      w[row * kK + k] = __float2bfloat16(static_cast<float>(w_of(row, k)));
  }
  simt::launch(product<kFault>, 1, kThreads, 0, nullptr, x.data(), w.data(), y.data());
  bool right = y.is_intact();
  for (int row = 0; row < kM; ++row) {
    for (int column = 0; column < kN; ++column) {
      int sum = 0;
      for (int k = 0; k < kK; ++k) sum += x_of(row, k) * w_of(column, k);
      right &= y[row * kN + column] == static_cast<float>(sum);  // false for a NaN
    }
  }
  return right;
}

}  // namespace

std::vector<BrokenKernel> broken_warpgroups() {
  return {
      PACKPROOF_BROKEN("wgmma without a fence", run, kNoFence),
      PACKPROOF_BROKEN("wgmma without a commit", run, kNoCommit),
      PACKPROOF_BROKEN("wgmma without a wait", run, kNoWait),
      PACKPROOF_BROKEN("wgmma: waits for one group too few", run, kWaitsForOneTooFew),
      PACKPROOF_BROKEN("accumulators read before the wait", run, kReadsBeforeWait),
      PACKPROOF_BROKEN("operand overwritten before the wait", run, kRefillsBeforeWait),
      PACKPROOF_BROKEN("wgmma without a proxy fence", run, kNoProxyFence),
      PACKPROOF_BROKEN("wgmma before all have written", run, kNoBarrierBeforeProduct),
      PACKPROOF_BROKEN("descriptor with another swizzle", run, kWrongSwizzle),
      PACKPROOF_BROKEN("descriptor with another stride", run, kWrongStride),
      PACKPROOF_BROKEN("descriptor of another stage", run, kWrongDepth),
      PACKPROOF_BROKEN("wgmma by three warps", run, kThreeWarps),
      PACKPROOF_BROKEN("lanes that disagree on scale-d", run, kLanesDisagree),
      PACKPROOF_BROKEN("wgmma past its tile", run, kPastTile),
  };
}

}  // namespace packproof::PACKPROOF_KERNELS
