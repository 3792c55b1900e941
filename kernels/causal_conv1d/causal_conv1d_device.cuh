// What the forward and the backward kernels of causal_conv1d share.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "kernels/causal_conv1d/causal_conv1d_kernel.h"
#include "kernels/device/float_lanes.cuh"
#include "kernels/device/sigmoid.cuh"
#include "kernels/host/divide_up.h"
#include "kernels/simt/simt.h"

namespace packproof::PACKPROOF_KERNELS {

template <class T>
__device__ inline float activate(ConvActivation activation, float u) {
  return activation == ConvActivation::silu ? u * sigmoid<T>(u).value : u;
}

// d activate / d u.
template <class T>
__device__ inline float activation_slope(ConvActivation activation, float u) {
  if (activation == ConvActivation::none) return 1.0f;
  const Sigmoid s = sigmoid<T>(u);
  return s.value * fmaf(u, s.complement, 1.0f);
}

// Weights and bias of kLanes channels in registers.
template <class T, int kWidth, int kLanes>
struct Taps {
  float weight[kWidth][kLanes];
  float bias[kLanes];

  __device__ Taps(const CausalConv1dInputs& in, std::int32_t channel) {
#pragma unroll
    for (int i = 0; i < kLanes; ++i) {
      bias[i] = in.bias ? to_float(static_cast<const T*>(in.bias)[channel + i]) : 0.0f;
#pragma unroll
      for (int j = 0; j < kWidth; ++j)
        weight[j][i] = to_float(static_cast<const T*>(in.weight)[(channel + i) * kWidth + j]);
    }
  }

  // window[kWidth - 1] is the current row. Bias first, then the taps from the oldest.
  __device__ float preactivation(const float (&window)[kWidth][kLanes], int lane) const {
    float u = bias[lane];
#pragma unroll
    for (int j = 0; j < kWidth; ++j) u = fmaf(weight[j][lane], window[j][lane], u);
    return u;
  }
};

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
      Raw<T, kLanes>::load(static_cast<const T*>(in.x) + row * in.channels + channel)
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

template <int kWidth, int kLanes>
__device__ inline void slide(float (&window)[kWidth][kLanes]) {
#pragma unroll
  for (int j = 0; j + 1 < kWidth; ++j) {
#pragma unroll
    for (int i = 0; i < kLanes; ++i) window[j][i] = window[j + 1][i];
  }
}

// The next segment that owns `token`, a valid one at or beyond the end of `segment`.
__device__ inline std::int32_t advance_segment(const std::int32_t* __restrict__ cu_seqlens,
                                               std::int32_t segment, std::int64_t token) {
  while (cu_seqlens[segment + 1] <= token) ++segment;
  return segment;
}

// Host side ---------------------------------------------------------------------------------------

// Calls launch.template operator()<T, kWidth>().
template <class Launch>
void for_dtype_and_width(DType dtype, std::int32_t width, Launch launch) {
  const auto for_width = [&]<class T>() {
    switch (width) {
      case 2:
        return launch.template operator()<T, 2>();
      case 3:
        return launch.template operator()<T, 3>();
      default:
        return launch.template operator()<T, 4>();
    }
  };
  switch (dtype) {
    case DType::bf16:
      return for_width.template operator()<__nv_bfloat16>();
    case DType::fp16:
      return for_width.template operator()<__half>();
    default:
      return for_width.template operator()<float>();
  }
}

// Whether rows of `channels` elements, at all of these places, may move `lanes` at a time.
inline bool rows_allow_lanes(const CausalConv1dInputs& in, int lanes,
                             std::initializer_list<const void*> places) {
  if (in.channels % lanes != 0) return false;
  const std::uintptr_t bytes = static_cast<std::uintptr_t>(lanes) * size_of(in.dtype);
  for (const void* place : places)
    if (reinterpret_cast<std::uintptr_t>(place) % bytes != 0) return false;
  return true;
}

}  // namespace packproof::PACKPROOF_KERNELS
