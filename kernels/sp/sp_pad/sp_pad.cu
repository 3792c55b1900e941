// sp_pad: one block sums up the padded lengths, then a thread a row finds the token that the row
// holds, and hidden rows are copied (row_copy.cuh). Backward finds the row of each token.
#include "kernels/sp/sp_pad/sp_pad_kernel.h"

#include "kernels/device/packed/block_prefix.cuh"
#include "kernels/device/packed/row_copy.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"
#include "kernels/sp/sp_rows.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;

// Rows that segment `segment` of the padded row has; the one behind the last is that of the pads.
__device__ std::int32_t padded_length(const SpPadding& p, std::int32_t segment) {
  const std::int32_t start = p.cu_seqlens[segment];
  if (segment == p.segments)  // contiguous: from the last token up
    return (p.world - start % p.world) % p.world;
  const std::int32_t length = p.cu_seqlens[segment + 1] - start;
  if (p.kind == SpLayoutKind::contiguous) return length;
  const std::int32_t multiple = 2 * p.world;
  return (length + multiple - 1) / multiple * multiple;
}

// One block, a thread a segment, tile after tile; `before` is the sum of all tiles so far, and the
// same in every thread. Shared memory and barriers are those of block_prefix.
__global__ void __launch_bounds__(kThreads)
    sum_padded_lengths_kernel(SpPadding p, std::int32_t padded_segments) {
  std::int32_t before = 0;
  if (threadIdx.x == 0) p.padded[0] = 0;
  for (std::int32_t tile = 0; tile < padded_segments; tile += kThreads) {
    const std::int32_t segment = tile + static_cast<std::int32_t>(threadIdx.x);
    const bool there = segment < padded_segments;
    const std::int32_t length = there ? padded_length(p, segment) : 0;
    const BlockPrefix prefix = block_prefix<SumOf, kThreads>(length);
    if (there) p.padded[segment + 1] = before + prefix.before + length;
    before += prefix.total;
  }
}

// One thread a padded row.
__global__ void __launch_bounds__(kThreads)
    pad_columns_kernel(SpPadParams p, std::int32_t padded_segments) {
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (row >= p.padded_rows) return;
  const std::int64_t token = token_of_padded_row(p.padding.padded, padded_segments,
                                                 p.padding.cu_seqlens, p.padding.segments, row);
  const bool is_token = token >= 0;
  const SpPadColumns& c = p.columns;
  p.token_of[row] = static_cast<std::int32_t>(token);
  c.input_ids_padded[row] = is_token ? c.input_ids[token] : p.pad_id;
  c.position_ids_padded[row] = is_token ? c.position_ids[token] : -1;
  c.labels_padded[row] = is_token ? c.labels[token] : -100;
  c.weights_padded[row] = is_token ? c.weights[token] : 0.0f;
}

// One thread a token.
__global__ void __launch_bounds__(kThreads) find_padded_rows_kernel(SpPadBackwardParams p) {
  const std::int64_t token = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (token >= p.total_tokens) return;
  const std::int32_t segment = segment_of(p.padding.cu_seqlens, p.padding.segments, token);
  const bool is_token = segment < p.padding.segments;
  p.row_of[token] = is_token ? static_cast<std::int32_t>(p.padding.padded[segment] + token -
                                                         p.padding.cu_seqlens[segment])
                             : -1;
}

void launch_padded_boundaries(const SpPadding& padding, Stream stream) {
  simt::launch(sum_padded_lengths_kernel, dim3(1), dim3(kThreads), 0, stream, padding,
               padding.padded_segments());
}

dim3 blocks_for(std::int64_t threads) {
  return dim3(static_cast<unsigned>(divide_up(threads, kThreads)));
}

}  // namespace

void sp_pad(const SpPadParams& p, Stream stream) {
  launch_padded_boundaries(p.padding, stream);
  simt::launch(pad_columns_kernel, blocks_for(p.padded_rows), dim3(kThreads), 0, stream, p,
               p.padding.padded_segments());
  launch_row_copy<std::int32_t>({.source = p.x,
                                 .source_of = p.token_of,
                                 .target = p.x_padded,
                                 .rows = p.padded_rows,
                                 .row_bytes = p.row_bytes},
                                stream);
}

void sp_pad_backward(const SpPadBackwardParams& p, Stream stream) {
  launch_padded_boundaries(p.padding, stream);
  simt::launch(find_padded_rows_kernel, blocks_for(p.total_tokens), dim3(kThreads), 0, stream, p);
  launch_row_copy<std::int32_t>({.source = p.dx_padded,
                                 .source_of = p.row_of,
                                 .target = p.dx,
                                 .rows = p.total_tokens,
                                 .row_bytes = p.row_bytes},
                                stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
