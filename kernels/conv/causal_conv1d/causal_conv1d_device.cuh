// What the forward and the backward kernels of causal_conv1d share.
#pragma once

#include <cstdint>

#include "kernels/conv/causal_conv1d/causal_conv1d_kernel.h"
#include "kernels/conv/conv_window.cuh"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/launch/divide_up.h"
#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// Fills window[0..kWidth - 2] with the rows before `token`, which lies in `segment`: from x, then
// from the initial state or zero.
template <class T, int kWidth, int kLanes>
__device__ inline void load_history(const CausalConv1dInputs& in, std::int32_t segment,
                                    std::int64_t start, std::int64_t token, std::int32_t channel,
                                    float (&window)[kWidth][kLanes]) {
#pragma unroll
  for (int j = 0; j < kWidth - 1; ++j) {
    const std::int64_t row = token - (kWidth - 1) + j;
    if (row >= start) {
      Raw<T, kLanes>::load(static_cast<const T*>(in.x) + row * in.x_row_stride + channel)
          .unpack(window[j]);
    } else {
      const std::int64_t place = row - start + (kWidth - 1);  // 0 is the oldest
#pragma unroll
      for (int i = 0; i < kLanes; ++i) {
        const std::int64_t at =
            (static_cast<std::int64_t>(segment) * in.channels + channel + i) * (kWidth - 1) + place;
        window[j][i] =
            in.initial_state ? to_float(static_cast<const T*>(in.initial_state)[at]) : 0.0f;
      }
    }
  }
}

// The next segment that owns `token`, a valid one at or beyond the end of `segment`.
__device__ inline std::int32_t advance_segment(const std::int32_t* __restrict__ cu_seqlens,
                                               std::int32_t segment, std::int64_t token) {
  while (cu_seqlens[segment + 1] <= token) ++segment;
  return segment;
}

}  // namespace packproof::PACKPROOF_KERNELS
