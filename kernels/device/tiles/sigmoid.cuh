// The logistic function on the device.
#pragma once

#include <type_traits>

#include "kernels/simt/api/simt.h"

namespace packproof::PACKPROOF_KERNELS {

// sigmoid(u) and 1 - sigmoid(u), each to its own relative precision: exp never overflows, and the
// second is no difference of near equals.
struct Sigmoid {
  float value;
  float complement;
};

// fp32 outputs need the accurate exponential; for 16-bit ones the fast one is exact enough.
template <class T>
__device__ inline Sigmoid sigmoid(float u) {
  float small;  // exp(-|u|)
  float large_side;
  if constexpr (std::is_same_v<T, float>) {
    small = expf(-fabsf(u));
    large_side = 1.0f / (1.0f + small);
  } else {
    small = __expf(-fabsf(u));
    large_side = __fdividef(1.0f, 1.0f + small);
  }
  const float small_side = small * large_side;
  return u < 0.0f ? Sigmoid{small_side, large_side} : Sigmoid{large_side, small_side};
}

}  // namespace packproof::PACKPROOF_KERNELS
