// l2norm: each head's features of each token divided by their norm, its gradient, launchers.
//   y = x * rsqrt(sum x^2 + eps)
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32, the same for all. Tensors are contiguous and aligned to T; where
// all that a kernel moves is aligned to 16 bytes, and so is a row of dim, it uses vectors.
struct L2NormInputs {
  DType dtype;                // T
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int32_t heads;         // at least 1
  std::int32_t dim;           // 1..1024
  float eps;                  // above 0
  std::int32_t segments;
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  const void* x;                   // [total_tokens, heads, dim] T; slack rows are never read
};

struct L2NormParams {
  L2NormInputs in;
  void* y;  // [total_tokens, heads, dim] T; zero in slack
};

struct L2NormBackwardParams {
  L2NormInputs in;
  const void* dy;  // [total_tokens, heads, dim] T; slack rows are never read
  void* dx;        // [total_tokens, heads, dim] T; zero in slack
};

PACKPROOF_ON_EVERY_TARGET(void l2norm(const L2NormParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void l2norm_backward(const L2NormBackwardParams& params, Stream stream))

}  // namespace packproof
