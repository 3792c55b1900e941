#include "kernels/device/conformance/stmatrix_conformance.h"

#include "kernels/device/instructions/stmatrix.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

template <int kMatrices>
__global__ void stmatrix_to_a_tile(StmatrixParams p) {
  SIMT_SHARED_ALIGNED(16, std::uint16_t, tile, [kStmatrixTileElements]);
  const int lane = static_cast<int>(threadIdx.x);
  for (int i = lane; i < kStmatrixTileElements; i += 32) tile[i] = p.tile[i];
  __syncwarp();  // the tile is complete
  std::uint32_t fragment[kMatrices];
  for (int m = 0; m < kMatrices; ++m) fragment[m] = p.fragments[lane * kMatrices + m];
  if (p.transposed) {
    stmatrix_trans(tile + p.row_at[lane], fragment);
  } else {
    stmatrix(tile + p.row_at[lane], fragment);
  }
  __syncwarp();  // the matrices are stored
  for (int i = lane; i < kStmatrixTileElements; i += 32) p.tile[i] = tile[i];
}

}  // namespace

void run_stmatrix(const StmatrixParams& p, Stream stream) {
  auto* kernel = p.matrices == 1   ? stmatrix_to_a_tile<1>
                 : p.matrices == 2 ? stmatrix_to_a_tile<2>
                                   : stmatrix_to_a_tile<4>;
  simt::launch(kernel, 1, 32, 0, stream, p);
}

}  // namespace packproof::PACKPROOF_KERNELS
