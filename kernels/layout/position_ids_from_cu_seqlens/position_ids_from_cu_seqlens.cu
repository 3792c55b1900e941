// A thread finds the segment of its first token by bisection; its two tokens leave in one 16-byte
// store a component. No shared memory.
#include "kernels/layout/position_ids_from_cu_seqlens/position_ids_from_cu_seqlens_kernel.h"

#include "kernels/device/packed/segment_search.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kTokensPerThread = 2;

__global__ void __launch_bounds__(kThreads)
    position_ids_from_cu_seqlens_kernel(PositionIdsFromCuSeqlensParams p) {
  const std::int64_t first =
      (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kTokensPerThread;
  if (first >= p.total_tokens) return;

  std::int32_t segment = segment_of(p.cu_seqlens, p.segments, first);
  longlong2 ids;
  ids.x = segment < p.segments ? first - p.cu_seqlens[segment] : -1;
  while (segment < p.segments && p.cu_seqlens[segment + 1] <= first + 1) ++segment;
  ids.y = segment < p.segments ? first + 1 - p.cu_seqlens[segment] : -1;

  const bool both = first + 1 < p.total_tokens;
  for (std::int32_t component = 0; component < p.components; ++component) {
    const std::int64_t place = component * p.total_tokens + first;
    if (both && place % kTokensPerThread == 0) {
      *reinterpret_cast<longlong2*>(p.position_ids + place) = ids;
    } else {  // every other component starts between two 16-byte words when total_tokens is odd
      p.position_ids[place] = ids.x;
      if (both) p.position_ids[place + 1] = ids.y;
    }
  }
}

}  // namespace

void position_ids_from_cu_seqlens(const PositionIdsFromCuSeqlensParams& params, Stream stream) {
  const std::int64_t tokens_per_block = kThreads * kTokensPerThread;
  const auto blocks = (params.total_tokens + tokens_per_block - 1) / tokens_per_block;
  simt::launch(position_ids_from_cu_seqlens_kernel, dim3(static_cast<unsigned>(blocks)),
               dim3(kThreads), 0, stream, params);
}

}  // namespace packproof::PACKPROOF_KERNELS
