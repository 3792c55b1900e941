// Must fail to compile as host code, with a name in the error that says what to use instead.
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

__global__ void reverse_in_place(float* values) {
  __shared__ float copy[64];
  copy[threadIdx.x] = values[threadIdx.x];
  __syncthreads();
  values[threadIdx.x] = copy[blockDim.x - 1 - threadIdx.x];
}

}  // namespace packproof::PACKPROOF_KERNELS
