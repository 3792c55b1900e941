// gated_delta_net_block as a list of steps (Qwen3-Next's and Qwen3.5's GatedDeltaNet in
// transformers), for each segment with the rows x of its hidden states:
//   q | k | v = silu(conv(x qkv_weight^T))       z = x z_weight^T
//   g = -exp(A_log) softplus(x a_weight^T + dt_bias)       beta = sigmoid(x b_weight^T)
//   o = gated delta rule of q / |q|, k / |k|, v, g, beta, from a state of zeros
//   y = (o / rms(o) norm_weight silu(z)) out_weight^T
// conv is causal and depthwise, one filter a channel; |x| = sqrt(sum of squares + 1e-6), rms with
// 1e-6 under the root. A value head h reads key head h / (value_heads / key_heads).
//
// Ulysses' way: a rank projects its own run of tokens, an all-to-all gives it all tokens of its
// share of the heads, the convolution, the delta rule and the norm run there on the whole
// cu_seqlens, and a second all-to-all brings its own tokens back. What is between two steps is of
// the case's dtype, as in transformers; gates are fp32.
#pragma once

#include "cases/core/case.h"
#include "cases/forms/step_list.h"

namespace packproof::cases {

StepList gated_delta_net_block_steps(const Case& c);

}  // namespace packproof::cases
