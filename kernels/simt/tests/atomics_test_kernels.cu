#include "kernels/simt/tests/executor_test_kernels.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

__global__ void update_all(AtomicResults* results) {
  const int thread = blockIdx.x * blockDim.x + threadIdx.x;
  atomicAdd(&results->int_sum, 1);
  atomicAdd(&results->unsigned_sum, 1u);
  atomicAdd(&results->wide_sum, 1ull << 32);
  atomicAdd(&results->float_sum, 1.0f);
  atomicAdd(&results->double_sum, 0.5);
  atomicMax(&results->int_max, thread);
  atomicMin(&results->int_min, -thread);
  atomicOr(&results->int_or, 1 << thread % 31);
  atomicAnd(&results->int_and, ~(1 << thread % 8));
  atomicExch(&results->exchanged, 7u);

  // Volatile: a plain read would race with the updates.
  int seen = *const_cast<volatile int*>(&results->int_cas_count);
  for (int assumed = seen - 1; assumed != seen;) {
    assumed = seen;
    seen = atomicCAS(&results->int_cas_count, assumed, assumed + 1);
  }
}

}  // namespace

void run_atomics(int blocks, AtomicResults* results, cudaStream_t stream) {
  simt::launch(update_all, blocks, 64, 0, stream, results);
}

}  // namespace packproof::PACKPROOF_KERNELS
