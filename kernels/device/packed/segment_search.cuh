// Which segment a token lies in, on the device.
#pragma once

#include <cstdint>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// The segment s with cu_seqlens[s] <= token < cu_seqlens[s + 1], or `segments` when the token is
// slack. Empty segments are never an answer. O(log segments) reads.
__device__ inline std::int32_t segment_of(const std::int32_t* __restrict__ cu_seqlens,
                                          std::int32_t segments, std::int64_t token) {
  std::int32_t low = 0;
  std::int32_t high = segments + 1;  // the first boundary beyond the token is in (low, high]
  while (low < high) {
    const std::int32_t middle = low + (high - low) / 2;
    if (cu_seqlens[middle] <= token) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

}  // namespace packproof::PACKPROOF_KERNELS
