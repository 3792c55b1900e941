// causal_conv1d: depthwise causal convolution of packed sequences, its gradients, launchers.
//   y[t, c] = act(bias[c] + sum_j weight[c, j] * x[t - (width - 1) + j, c])
// where rows before the first token of t's segment come from initial_state, or are zero.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/conv/conv_activation.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32, the same for all. Tensors are aligned to T, and contiguous but for
// the rows of x and dy. Where all that a kernel moves is aligned to its vectors, and channels and
// strides divide by them, it uses vectors.
struct CausalConv1dInputs {
  DType dtype;                // T
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int32_t channels;      // at least 1
  std::int32_t width;         // 2..4
  ConvActivation activation;
  std::int32_t segments;
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  const void* x;                   // [total_tokens, channels] T; slack rows are never read
  std::int64_t x_row_stride;       // elements from a row of x to the next, at least channels
  const void* weight;              // [channels, width] T
  const void* bias;                // [channels] T; null: no bias
  const void* initial_state;       // [segments, channels, width - 1] T; null: zeros
};

struct CausalConv1dParams {
  CausalConv1dInputs in;
  void* y;            // [total_tokens, channels] T; zero in slack
  void* final_state;  // [segments, channels, width - 1] T; null: not wanted
};

struct CausalConv1dBackwardParams {
  CausalConv1dInputs in;
  const void* dy;              // [total_tokens, channels] T; slack rows are never read
  std::int64_t dy_row_stride;  // elements from a row of dy to the next, at least channels
  const void* dfinal_state;    // [segments, channels, width - 1] T; null: zeros
  void* dx;                    // [total_tokens, channels] T; zero in slack
  void* dweight;               // [channels, width] T
  void* dbias;                 // [channels] T; null: not wanted
  void* dinitial_state;        // [segments, channels, width - 1] T; null: not wanted
  float* workspace;            // causal_conv1d_backward_workspace_bytes; need not be initialised
};

PACKPROOF_ON_EVERY_TARGET(void causal_conv1d(const CausalConv1dParams& params, Stream stream))
PACKPROOF_ON_EVERY_TARGET(void causal_conv1d_backward(const CausalConv1dBackwardParams& params,
                                                      Stream stream))
// For the partial sums of dweight and dbias.
PACKPROOF_ON_EVERY_TARGET(
    std::size_t causal_conv1d_backward_workspace_bytes(const CausalConv1dInputs& inputs))

}  // namespace packproof
