#include "kernels/device/conformance/ldmatrix_conformance.h"

#include "kernels/device/instructions/ldmatrix.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <int kMatrices>
__global__ void ldmatrix_of_a_tile(LdmatrixParams p) {
  SIMT_SHARED_ALIGNED(16, std::uint16_t, tile, [kLdmatrixTileElements]);
  const int lane = static_cast<int>(threadIdx.x);
  for (int i = lane; i < kLdmatrixTileElements; i += 32) tile[i] = p.tile[i];
  __syncwarp();  // the tile is complete
  std::uint32_t fragment[kMatrices];
  if (p.transposed) {
    ldmatrix_trans(fragment, tile + p.row_at[lane]);
  } else {
    ldmatrix(fragment, tile + p.row_at[lane]);
  }
  for (int m = 0; m < kMatrices; ++m) p.fragments[lane * kMatrices + m] = fragment[m];
}

}  // namespace

void run_ldmatrix(const LdmatrixParams& p, Stream stream) {
  auto* kernel = p.matrices == 1   ? ldmatrix_of_a_tile<1>
                 : p.matrices == 2 ? ldmatrix_of_a_tile<2>
                                   : ldmatrix_of_a_tile<4>;
  simt::launch(kernel, 1, 32, 0, stream, p);
}

}  // namespace packproof::PACKPROOF_KERNELS
