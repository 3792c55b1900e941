// What depthwise causal convolutions share: taps and windows in registers, activations.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>

#include "cases/core/dtype.h"
#include "kernels/conv/conv_activation.h"
#include "kernels/device/tiles/float_lanes.cuh"
#include "kernels/device/tiles/for_dtype.cuh"
#include "kernels/device/tiles/sigmoid.cuh"
#include "kernels/launch/alignment.h"
#include "kernels/simt/api/simt.h"

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

// kColumns columns of kLanes neighbouring channels, which lie channel by channel: kColumns whole
// vectors. `from` and `to` must be aligned to one.
template <class T, int kColumns, int kLanes>
__device__ inline void load_columns(const T* from, T (&columns)[kLanes][kColumns]) {
  Raw<T, kLanes> words[kColumns];
#pragma unroll
  for (int j = 0; j < kColumns; ++j) words[j] = Raw<T, kLanes>::load(from + j * kLanes);
  memcpy(static_cast<void*>(columns), words, sizeof columns);
}
template <class T, int kColumns, int kLanes>
__device__ inline void store_columns(T* to, const T (&columns)[kLanes][kColumns]) {
  Raw<T, kLanes> words[kColumns];
  memcpy(words, static_cast<const void*>(columns), sizeof columns);
#pragma unroll
  for (int j = 0; j < kColumns; ++j)
    *reinterpret_cast<typename Raw<T, kLanes>::Bits*>(to + j * kLanes) = words[j].bits;
}

// Weights and bias of kLanes channels in registers.
template <class T, int kWidth, int kLanes>
struct Taps {
  float weight[kWidth][kLanes];
  float bias[kLanes];

  // weights: [channels, kWidth] T; biases: [channels] T, or null. Aligned to kLanes elements.
  __device__ Taps(const void* weights, const void* biases, std::int32_t channel) {
    T taps[kLanes][kWidth];
    load_columns(static_cast<const T*>(weights) + static_cast<std::int64_t>(channel) * kWidth,
                 taps);
    if (biases) {
      Raw<T, kLanes>::load(static_cast<const T*>(biases) + channel).unpack(bias);
    } else {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) bias[i] = 0.0f;
    }
#pragma unroll
    for (int j = 0; j < kWidth; ++j) {
#pragma unroll
      for (int i = 0; i < kLanes; ++i) weight[j][i] = to_float(taps[i][j]);
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
  for_dtype(dtype, [&]<class T>() {
    switch (width) {
      case 2:
        return launch.template operator()<T, 2>();
      case 3:
        return launch.template operator()<T, 3>();
      default:
        return launch.template operator()<T, 4>();
    }
  });
}

// Whether rows of `channels` elements, at all of these places, may move `lanes` at a time.
inline bool rows_allow_lanes(DType dtype, std::int32_t channels, int lanes,
                             std::initializer_list<const void*> places) {
  return channels % lanes == 0 &&
         all_aligned(places, static_cast<std::size_t>(lanes) * size_of(dtype));
}

}  // namespace packproof::PACKPROOF_KERNELS
