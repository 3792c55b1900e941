// Which row of a padded row lies where on the ranks of a sequence-parallel group. See SpLayout.
#pragma once

#include <cstdint>

#include "kernels/device/packed/segment_search.cuh"
#include "kernels/simt/api/simt.h"
#include "kernels/sp/sp_layout.h"

namespace packproof::PACKPROOF_KERNELS {

// The padded row in row `own` of the share of `rank`.
__device__ inline std::int64_t padded_row_of(const SpLayout& layout, std::int32_t rank,
                                             std::int64_t own) {
  if (layout.kind == SpLayoutKind::contiguous) return rank * layout.share_rows + own;
  // Each segment gives every rank the same number of rows, so a share is the row in small.
  const std::int32_t segment = segment_of(layout.cu_seqlens, layout.segments, own * layout.world);
  const std::int64_t start = layout.cu_seqlens[segment];
  const std::int64_t chunk = (layout.cu_seqlens[segment + 1] - start) / (2 * layout.world);
  const std::int64_t within = own - start / layout.world;
  const std::int64_t index = within < chunk ? rank : 2 * layout.world - 1 - rank;
  return start + index * chunk + (within < chunk ? within : within - chunk);
}

// Where a padded row lies when the shares of all ranks follow each other.
__device__ inline std::int64_t place_in_shares(const SpLayout& layout, std::int64_t row) {
  if (layout.kind == SpLayoutKind::contiguous) return row;
  const std::int32_t segment = segment_of(layout.cu_seqlens, layout.segments, row);
  const std::int64_t start = layout.cu_seqlens[segment];
  const std::int64_t chunk = (layout.cu_seqlens[segment + 1] - start) / (2 * layout.world);
  const std::int64_t index = (row - start) / chunk;
  const std::int64_t within = row - start - index * chunk;
  const bool is_second = index >= layout.world;
  const std::int64_t rank = is_second ? 2 * layout.world - 1 - index : index;
  return rank * layout.share_rows + start / layout.world + (is_second ? chunk : 0) + within;
}

// The token in a row of the padded row, or -1 where that is a pad or slack. The first `segments`
// segments of `padded` hold those of `cu_seqlens`, each from its start on.
__device__ inline std::int64_t token_of_padded_row(const std::int32_t* __restrict__ padded,
                                                   std::int32_t padded_segments,
                                                   const std::int32_t* __restrict__ cu_seqlens,
                                                   std::int32_t segments, std::int64_t row) {
  const std::int32_t segment = segment_of(padded, padded_segments, row);
  if (segment >= segments) return -1;  // slack, or the pads' own segment
  const std::int64_t token = cu_seqlens[segment] + row - padded[segment];
  return token < cu_seqlens[segment + 1] ? token : -1;
}

}  // namespace packproof::PACKPROOF_KERNELS
