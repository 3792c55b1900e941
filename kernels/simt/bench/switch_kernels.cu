#include "kernels/simt/bench/switch_kernels.h"

#include "kernels/simt/api/simt.h"

namespace packproof::kernels_simt {
namespace {

__global__ void block_barriers(int rounds) {
  for (int i = 0; i < rounds; ++i) __syncthreads();
}

__global__ void warp_barriers(int rounds) {
  for (int i = 0; i < rounds; ++i) __syncwarp();
}

__global__ void yields(int rounds) {
  for (int i = 0; i < rounds; ++i) __nanosleep(1);
}

}  // namespace

void run_block_barriers(int threads, int rounds) {
  simt::launch(block_barriers, 1, threads, 0, nullptr, rounds);
}

void run_warp_barriers(int threads, int rounds) {
  simt::launch(warp_barriers, 1, threads, 0, nullptr, rounds);
}

void run_yields(int threads, int rounds) { simt::launch(yields, 1, threads, 0, nullptr, rounds); }

}  // namespace packproof::kernels_simt
