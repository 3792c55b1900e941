#include "kernels/device/conformance/mma_conformance.h"

#include "kernels/device/instructions/mma.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

// Block x: one warp, problem x.
template <MmaForm kForm>
__global__ void one_mma(MmaParams p) {
  const int own = static_cast<int>(blockIdx.x * 32 + threadIdx.x);
  std::uint32_t a[4];
  std::uint32_t b[2];
  float sum[4];
  for (int i = 0; i < 4; ++i) a[i] = p.a[own * 4 + i];
  for (int i = 0; i < 2; ++i) b[i] = p.b[own * 2 + i];
  for (int i = 0; i < 4; ++i) sum[i] = p.c[own * 4 + i];
  if constexpr (kForm == MmaForm::kM16n8k16Bf16) {
    mma_m16n8k16_bf16(sum, a, b, sum);
  } else if constexpr (kForm == MmaForm::kM16n8k16F16) {
    mma_m16n8k16_f16(sum, a, b, sum);
  } else {
    mma_m16n8k8_tf32(sum, a, b, sum);
  }
  for (int i = 0; i < 4; ++i) p.d[own * 4 + i] = sum[i];
}

}  // namespace

void run_mma(const MmaParams& p, Stream stream) {
  auto* kernel = p.form == MmaForm::kM16n8k16Bf16  ? one_mma<MmaForm::kM16n8k16Bf16>
                 : p.form == MmaForm::kM16n8k16F16 ? one_mma<MmaForm::kM16n8k16F16>
                                                   : one_mma<MmaForm::kM16n8k8Tf32>;
  simt::launch(kernel, p.problems, 32, 0, stream, p);
}

}  // namespace packproof::PACKPROOF_KERNELS
