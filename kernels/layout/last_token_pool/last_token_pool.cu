// last_token_pool: a thread finds the row that one row of the result comes from, then rows are
// copied (row_copy.cuh). Backward is the same the other way round. No shared memory.
#include "kernels/layout/last_token_pool/last_token_pool_kernel.h"

#include "kernels/device/packed/row_copy.cuh"
#include "kernels/device/packed/segment_search.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;

// One thread a segment.
__global__ void __launch_bounds__(kThreads) find_last_tokens_kernel(LastTokenPoolParams p) {
  const std::int64_t segment = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (segment >= p.segments) return;
  const std::int32_t end = p.cu_seqlens[segment + 1];
  const bool has_token = end > p.cu_seqlens[segment];
  p.flag[segment] = has_token ? 1 : 0;
  p.last_token_of[segment] = has_token ? end - 1 : -1;
}

// One thread a token: its segment where it is the last one there, else -1.
__global__ void __launch_bounds__(kThreads)
    find_segments_of_last_kernel(LastTokenPoolBackwardParams p) {
  const std::int64_t token = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (token >= p.total_tokens) return;
  const std::int32_t segment = segment_of(p.cu_seqlens, p.segments, token);
  const bool is_last = segment < p.segments && p.cu_seqlens[segment + 1] == token + 1;
  p.segment_of_last[token] = is_last ? segment : -1;
}

dim3 blocks_for(std::int64_t threads) {
  return dim3(static_cast<unsigned>(divide_up(threads, kThreads)));
}

}  // namespace

void last_token_pool(const LastTokenPoolParams& p, Stream stream) {
  simt::launch(find_last_tokens_kernel, blocks_for(p.segments), dim3(kThreads), 0, stream, p);
  launch_row_copy<std::int32_t>({.source = p.x,
                                 .source_of = p.last_token_of,
                                 .target = p.y,
                                 .rows = p.segments,
                                 .row_bytes = p.row_bytes},
                                stream);
}

void last_token_pool_backward(const LastTokenPoolBackwardParams& p, Stream stream) {
  simt::launch(find_segments_of_last_kernel, blocks_for(p.total_tokens), dim3(kThreads), 0, stream,
               p);
  launch_row_copy<std::int32_t>({.source = p.dy,
                                 .source_of = p.segment_of_last,
                                 .target = p.dx,
                                 .rows = p.total_tokens,
                                 .row_bytes = p.row_bytes},
                                stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
