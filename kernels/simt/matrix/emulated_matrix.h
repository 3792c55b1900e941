// The warp's matrix instructions, emulated. For the wrappers in kernels/device; host only.
// All of them are .aligned: a lane that has exited, or that the block does not have, is an error.
#pragma once

#include <cstdint>

#include "kernels/simt/api/source_site.h"

namespace packproof::simt::detail {

// Ends the process unless all 32 lanes take part. Called by the combine of an .aligned instruction.
void require_all_lanes(uint32_t participants, const char* instruction, const SourceSite& site);

// ldmatrix and stmatrix of `matrices` (1, 2 or 4) 8x8 matrices of 16-bit elements. Lane i of the
// first 8 * matrices gives the shared address of row i % 8 of matrix i / 8, 16-byte aligned; the
// addresses of other lanes are ignored. fragment[matrices] is the lane's own.
struct MatrixAccess {
  int matrices;
  bool transposed;
  const char* instruction;
};
void load_matrices(const MatrixAccess& access, const void* row, uint32_t* fragment,
                   const SourceSite& site);
void store_matrices(const MatrixAccess& access, void* row, const uint32_t* fragment,
                    const SourceSite& site);

}  // namespace packproof::simt::detail
