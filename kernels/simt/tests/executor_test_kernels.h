// Kernels that test the executor, behind plain launch functions. Their sources compile for the
// device too: what a test expects of the host is what the device does.
// Pointers are to memory of the target. All arrays of results are written in full.
#pragma once

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// One warp. results: [4][32], the lane's value + what arrives by idx, up, down, xor.
void run_int_shuffles(int width, int distance, int* results, cudaStream_t stream);
void run_double_shuffles(int width, int distance, double* results, cudaStream_t stream);

// One warp, two half-warp groups that vote apart. results: [3][32]: ballot, any, all.
void run_half_warp_votes(unsigned predicates, unsigned* results, cudaStream_t stream);

// One warp. results: [6][32]: add, min, max as int, then as unsigned.
void run_reductions(const int* values, int* results, cudaStream_t stream);

// `threads` threads, the last warp partly filled. results: [threads]: the warp's sum of lanes.
void run_partial_warp_sum(int threads, int* results, cudaStream_t stream);

// 64 threads; those from `stay` on exit at once. results: [64][3]: count, and, or of
// "thread is odd" over the others; -1 for those that exited.
void run_block_votes(int stay, int* results, cudaStream_t stream);

// 32 lanes; the upper half exits, the lower meets in a full mask. results: [32] ballots, 0 after
// an exit.
void run_ballot_after_exit(unsigned* results, cudaStream_t stream);

// *total += sum of values[count], by shuffles, static shared memory and one atomic a block.
void run_block_sums(const float* values, int count, float* total, cudaStream_t stream);

// output[columns][rows] = input[rows][columns] by 32x32 tiles of static shared memory.
void run_transpose(const float* input, int rows, int columns, float* output, cudaStream_t stream);

// Reverses groups of `group` values in place through dynamic shared memory. 32 <= group <= 1024.
void run_reverse(int* values, int group, int groups, cudaStream_t stream);

// One block; one device function template used with double, int and a struct, each with its own
// static shared memory of the same name. results: [3] sums of 0..31 by thread 31.
void run_template_sums(double* results, cudaStream_t stream);

// y[t][d] = x[t][d] * (1 + segment of t) in bf16, 8 values a thread. dim % 8 == 0; rows outside
// [cu_seqlens[0], cu_seqlens[segments]) stay.
void run_scale_segments(const __nv_bfloat16* x, const int* cu_seqlens, int segments, int rows,
                        int dim, __nv_bfloat16* y, cudaStream_t stream);

struct AtomicResults {
  int int_sum, int_max, int_min, int_or, int_and, int_cas_count;
  unsigned unsigned_sum, exchanged;
  unsigned long long wide_sum;
  float float_sum;
  double double_sum;
};
// Every thread of `blocks` blocks of 64 updates every field once.
void run_atomics(int blocks, AtomicResults* results, cudaStream_t stream);

}  // namespace packproof::PACKPROOF_KERNELS
