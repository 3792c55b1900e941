// Kernels that do nothing but wait for each other, for the benchmark of the executor.
#pragma once

namespace packproof::kernels_simt {

// One block of `threads`; every thread waits `rounds` times at __syncthreads, or at __syncwarp.
void run_block_barriers(int threads, int rounds);
void run_warp_barriers(int threads, int rounds);

// Every thread of one block calls __nanosleep `rounds` times.
void run_yields(int threads, int rounds);

}  // namespace packproof::kernels_simt
