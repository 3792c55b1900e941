// sp_gather: a thread finds where one row of the result comes from (sp_rows.cuh), then rows are
// copied (row_copy.cuh). No shared memory.
#include "kernels/sp/sp_gather/sp_gather_kernel.h"

#include "kernels/device/packed/row_copy.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"
#include "kernels/sp/sp_rows.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;

// One thread a row of y.
__global__ void __launch_bounds__(kThreads) find_places_of_tokens_kernel(SpGatherParams p) {
  const std::int64_t token = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (token >= p.total_tokens) return;
  const std::int32_t segment = segment_of(p.cu_seqlens, p.segments, token);
  std::int64_t place = -1;
  if (segment < p.segments) {
    const std::int64_t within = token - p.cu_seqlens[segment];
    place = place_in_shares(p.layout, p.layout.cu_seqlens[segment] + within);
  }
  p.source_of[token] = static_cast<std::int32_t>(place);
}

// One thread a row of the rank's share.
__global__ void __launch_bounds__(kThreads) find_tokens_of_share_kernel(SpGatherBackwardParams p) {
  const std::int64_t own = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (own >= p.layout.share_rows) return;
  p.source_of[own] = static_cast<std::int32_t>(
      token_of_padded_row(p.layout.cu_seqlens, p.layout.segments, p.cu_seqlens, p.segments,
                          padded_row_of(p.layout, p.rank, own)));
}

dim3 blocks_for(std::int64_t threads) {
  return dim3(static_cast<unsigned>(divide_up(threads, kThreads)));
}

}  // namespace

void sp_gather(const SpGatherParams& p, Stream stream) {
  simt::launch(find_places_of_tokens_kernel, blocks_for(p.total_tokens), dim3(kThreads), 0, stream,
               p);
  launch_row_copy<std::int32_t>({.source = p.shares,
                                 .source_of = p.source_of,
                                 .target = p.y,
                                 .rows = p.total_tokens,
                                 .row_bytes = p.row_bytes},
                                stream);
}

void sp_gather_backward(const SpGatherBackwardParams& p, Stream stream) {
  const std::int64_t rows = p.layout.share_rows;
  simt::launch(find_tokens_of_share_kernel, blocks_for(rows), dim3(kThreads), 0, stream, p);
  launch_row_copy<std::int32_t>({.source = p.dy,
                                 .source_of = p.source_of,
                                 .target = p.dx,
                                 .rows = rows,
                                 .row_bytes = p.row_bytes},
                                stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
