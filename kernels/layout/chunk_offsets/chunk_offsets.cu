// All of it is the scan in kernels/device/.
#include "kernels/layout/chunk_offsets/chunk_offsets_kernel.h"

#include "kernels/device/packed/chunk_offsets_scan.cuh"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

void chunk_offsets(const ChunkOffsetsParams& params, Stream stream) {
  scan_chunk_offsets({params.cu_seqlens, params.segments, params.chunk, params.workspace,
                      params.chunk_offsets, /*total_chunks=*/nullptr},
                     stream);
}

}  // namespace packproof::PACKPROOF_KERNELS
