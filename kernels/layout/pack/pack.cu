// pack: a scan over the mask gives the place that each packed row comes from, then rows are copied.
// Backward is the transpose: the packed row that each place went to. See mask_scan.cuh for the
// scan's kernels and row_copy.cuh for the copy's.
#include "kernels/layout/pack/pack_kernel.h"

#include "kernels/device/packed/row_copy.cuh"
#include "kernels/layout/mask_scan.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

void pack(const PackParams& p, Stream stream) {
  const MaskScan scan = mask_scan_of(p);
  launch_packed_map(scan, p.place_of_row, p.total_tokens, p.cu_seqlens, stream);
  launch_row_copy<std::int64_t>({.source = p.padded,
                                 .source_of = p.place_of_row,
                                 .target = p.packed,
                                 .rows = p.total_tokens,
                                 .row_bytes = p.row_bytes},
                                stream);
}

void pack_backward(const PackBackwardParams& p, Stream stream) {
  const MaskScan scan = mask_scan_of(p);
  launch_padded_map(scan, p.row_of_place, stream);
  launch_row_copy<std::int32_t>({.source = p.dpacked,
                                 .source_of = p.row_of_place,
                                 .target = p.dpadded,
                                 .rows = scan.places,
                                 .row_bytes = p.row_bytes},
                                stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
