// rms_norm_gated: each head's features of each token over their root mean square, weighted and
// gated, its gradients, launchers.
//   y = weight * (x * rsqrt(mean x^2 + eps)) * silu(z)
// The norm is fp32 and rounds to the dtype before the weight and after it, as in transformers'
// Qwen3-Next; the gate is fp32.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32, the same for all. Tensors are contiguous and aligned to T; where
// all that a kernel moves is aligned to 16 bytes, and so is a row of dim, it uses vectors.
struct RmsNormGatedInputs {
  DType dtype;                // T
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int32_t heads;         // at least 1
  std::int32_t dim;           // 1..1024
  float eps;                  // above 0
  std::int32_t segments;
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  const void* x;                   // [total_tokens, heads, dim] T; slack rows are never read
  const void* z;                   // [total_tokens, heads, dim] T; the same
  const void* weight;              // [dim] T
};

struct RmsNormGatedParams {
  RmsNormGatedInputs in;
  void* y;  // [total_tokens, heads, dim] T; zero in slack
};

struct RmsNormGatedBackwardParams {
  RmsNormGatedInputs in;
  const void* dy;                // [total_tokens, heads, dim] T; slack rows are never read
  void* dx;                      // [total_tokens, heads, dim] T; zero in slack
  void* dz;                      // [total_tokens, heads, dim] T; zero in slack
  void* dweight;                 // [dim] T; null: not wanted
  float* workspace;              // rms_norm_gated_backward_workspace_bytes; need not be initialised
  float* dweight_sum = nullptr;  // [dim] fp32: dweight before it is rounded; null: not wanted
};

PACKPROOF_ON_EVERY_TARGET(void rms_norm_gated(const RmsNormGatedParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void rms_norm_gated_backward(const RmsNormGatedBackwardParams& params,
                                                       Stream stream))
// For the partial sums of dweight.
PACKPROOF_ON_EVERY_TARGET(
    std::size_t rms_norm_gated_backward_workspace_bytes(const RmsNormGatedInputs& inputs))

}  // namespace packproof
