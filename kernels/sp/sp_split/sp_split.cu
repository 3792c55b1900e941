// sp_split: a thread finds where one row of the result comes from (sp_rows.cuh), then rows are
// copied (row_copy.cuh). No shared memory.
#include "kernels/sp/sp_split/sp_split_kernel.h"

#include "kernels/device/packed/row_copy.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"
#include "kernels/sp/sp_rows.cuh"

namespace packproof::PACKPROOF_KERNELS {
namespace {

constexpr int kThreads = 256;

// One thread a row of the rank's share.
__global__ void __launch_bounds__(kThreads) find_padded_rows_kernel(SpSplitParams p) {
  const std::int64_t own = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (own >= p.layout.share_rows) return;
  p.source_of[own] = static_cast<std::int32_t>(padded_row_of(p.layout, p.rank, own));
}

// One thread a padded row.
__global__ void __launch_bounds__(kThreads) find_places_kernel(SpSplitBackwardParams p) {
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (row >= p.layout.world * p.layout.share_rows) return;
  p.source_of[row] = static_cast<std::int32_t>(place_in_shares(p.layout, row));
}

dim3 blocks_for(std::int64_t threads) {
  return dim3(static_cast<unsigned>(divide_up(threads, kThreads)));
}

}  // namespace

void sp_split(const SpSplitParams& p, Stream stream) {
  const std::int64_t rows = p.layout.share_rows;
  simt::launch(find_padded_rows_kernel, blocks_for(rows), dim3(kThreads), 0, stream, p);
  launch_row_copy<std::int32_t>({.source = p.x,
                                 .source_of = p.source_of,
                                 .target = p.y,
                                 .rows = rows,
                                 .row_bytes = p.row_bytes},
                                stream);
}

void sp_split_backward(const SpSplitBackwardParams& p, Stream stream) {
  const std::int64_t rows = p.layout.world * p.layout.share_rows;
  simt::launch(find_places_kernel, blocks_for(rows), dim3(kThreads), 0, stream, p);
  launch_row_copy<std::int32_t>({.source = p.shares,
                                 .source_of = p.source_of,
                                 .target = p.dx,
                                 .rows = rows,
                                 .row_bytes = p.row_bytes},
                                stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
