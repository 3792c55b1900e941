// What depthwise causal convolutions share: taps and windows in registers, activations.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "cases/packing/dtype.h"
#include "kernels/device/float_lanes.cuh"
#include "kernels/device/sigmoid.cuh"
#include "kernels/host/conv_activation.h"
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

  // weights: [channels, kWidth] T; biases: [channels] T, or null.
  __device__ Taps(const void* weights, const void* biases, std::int32_t channel) {
#pragma unroll
    for (int i = 0; i < kLanes; ++i) {
      bias[i] = biases ? to_float(static_cast<const T*>(biases)[channel + i]) : 0.0f;
#pragma unroll
      for (int j = 0; j < kWidth; ++j)
        weight[j][i] = to_float(static_cast<const T*>(weights)[(channel + i) * kWidth + j]);
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

template <int kWidth, int kLanes>
__device__ inline void slide(float (&window)[kWidth][kLanes]) {
#pragma unroll
  for (int j = 0; j + 1 < kWidth; ++j) {
#pragma unroll
    for (int i = 0; i < kLanes; ++i) window[j][i] = window[j + 1][i];
  }
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
inline bool rows_allow_lanes(DType dtype, std::int32_t channels, int lanes,
                             std::initializer_list<const void*> places) {
  if (channels % lanes != 0) return false;
  const std::uintptr_t bytes = static_cast<std::uintptr_t>(lanes) * size_of(dtype);
  for (const void* place : places)
    if (reinterpret_cast<std::uintptr_t>(place) % bytes != 0) return false;
  return true;
}

}  // namespace packproof::PACKPROOF_KERNELS
