// unpack: a scan over the mask gives the packed row of each place, then rows are copied. Backward
// is the transpose: the place of each packed row. See mask_scan.cuh for the scan's kernels and
// row_copy.cuh for the copy's.
#include "kernels/layout/unpack/unpack_kernel.h"

#include "kernels/device/packed/row_copy.cuh"
#include "kernels/layout/mask_scan.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

void unpack(const UnpackParams& p, Stream stream) {
  const MaskScan scan = mask_scan_of(p);
  launch_padded_map(scan, p.row_of_place, stream);
  launch_row_copy<std::int32_t>({.source = p.packed,
                                 .source_of = p.row_of_place,
                                 .target = p.padded,
                                 .rows = scan.places,
                                 .row_bytes = p.row_bytes},
                                stream);
}

void unpack_backward(const UnpackBackwardParams& p, Stream stream) {
  const MaskScan scan = mask_scan_of(p);
  launch_packed_map(scan, p.place_of_row, p.total_tokens, nullptr, stream);
  launch_row_copy<std::int64_t>({.source = p.dpadded,
                                 .source_of = p.place_of_row,
                                 .target = p.dpacked,
                                 .rows = p.total_tokens,
                                 .row_bytes = p.row_bytes},
                                stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
