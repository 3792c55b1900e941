// causal_conv1d_update: new tokens of sequences whose last ones lie in a state, as decoding does
// it; the state moves on in place.
//   y[t, c] = act(bias[c] + sum_j weight[c, j] * e[c, t - (width - 1) + j])
// where e is the sequence, of which the state holds what was before the segment's first token.
#pragma once

#include <cstdint>

#include "cases/core/dtype.h"
#include "kernels/conv/conv_activation.h"
#include "kernels/launch/stream.h"
#include "kernels/launch/target.h"

namespace packproof {

// "T" below: bf16, fp16 or fp32, the same for all. Tensors are contiguous and aligned to T; where
// all that the kernel moves is aligned to 16 bytes, so is a row of channels, and state_len is
// width - 1, it uses vectors.
struct CausalConv1dUpdateParams {
  DType dtype;                // T
  std::int64_t total_tokens;  // rows of the layout, slack included
  std::int32_t channels;      // at least 1
  std::int32_t width;         // 2..4
  std::int32_t state_len;     // at least width - 1
  ConvActivation activation;
  std::int32_t segments;
  const std::int32_t* cu_seqlens;  // [segments + 1] int32, valid
  const std::int32_t* slots;       // [segments] int32, all different, or -1: none; null: its own
  const void* x;                   // [total_tokens, channels] T; slack rows are never read
  const void* weight;              // [channels, width] T
  const void* bias;                // [channels] T; null: no bias
  void* state;                     // [slots, channels, state_len] T, oldest first; changed in place
  void* y;                         // [total_tokens, channels] T; zero in slack and without a slot
};

PACKPROOF_ON_EVERY_TARGET(void causal_conv1d_update(const CausalConv1dUpdateParams& params,
                                                    Stream stream))

}  // namespace packproof
