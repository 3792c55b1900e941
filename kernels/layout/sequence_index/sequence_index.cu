// A thread finds the segment of its first token by bisection and walks from there; its four tokens
// leave in one 16-byte store. No shared memory.
#include "kernels/layout/sequence_index/sequence_index_kernel.h"

#include "kernels/device/packed/segment_search.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr int kTokensPerThread = 4;

__global__ void __launch_bounds__(kThreads) sequence_index_kernel(SequenceIndexParams p) {
  const std::int64_t first =
      (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kTokensPerThread;
  if (first >= p.total_tokens) return;

  std::int32_t segment = segment_of(p.cu_seqlens, p.segments, first);
  std::int32_t index[kTokensPerThread];
#pragma unroll
  for (int i = 0; i < kTokensPerThread; ++i) {
    while (segment < p.segments && p.cu_seqlens[segment + 1] <= first + i) ++segment;
    index[i] = segment < p.segments ? segment : -1;
  }

  if (first + kTokensPerThread <= p.total_tokens) {
    *reinterpret_cast<int4*>(p.sequence_index + first) =
        make_int4(index[0], index[1], index[2], index[3]);
  } else {
    for (int i = 0; first + i < p.total_tokens; ++i) p.sequence_index[first + i] = index[i];
  }
}

}  // namespace

void sequence_index(const SequenceIndexParams& params, Stream stream) {
  const std::int64_t tokens_per_block = kThreads * kTokensPerThread;
  const auto blocks = (params.total_tokens + tokens_per_block - 1) / tokens_per_block;
  simt::launch(sequence_index_kernel, dim3(static_cast<unsigned>(blocks)), dim3(kThreads), 0,
               stream, params);
}

}  // namespace packproof::PACKPROOF_KERNELS
