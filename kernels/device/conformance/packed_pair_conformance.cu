#include "kernels/device/instructions/packed_pair.cuh"

#include "kernels/device/conformance/packed_pair_conformance.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

__global__ void convert(PackedPairParams p) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= p.count) return;
  p.bf16x2[i] = pack_bf16x2(p.low[i], p.high[i]);
  p.f16x2[i] = pack_f16x2(p.low[i], p.high[i]);
  const float2 from_bf16 = unpack_bf16x2(p.bits[i]);
  p.bf16_unpacked[2 * i] = from_bf16.x;
  p.bf16_unpacked[2 * i + 1] = from_bf16.y;
  const float2 from_f16 = unpack_f16x2(p.bits[i]);
  p.f16_unpacked[2 * i] = from_f16.x;
  p.f16_unpacked[2 * i + 1] = from_f16.y;
}

}  // namespace

void run_packed_pair(const PackedPairParams& p, Stream stream) {
  simt::launch(convert, (p.count + 127) / 128, 128, 0, stream, p);
}

}  // namespace packproof::PACKPROOF_KERNELS
