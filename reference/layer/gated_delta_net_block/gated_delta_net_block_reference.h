// Definition (Qwen3-Next's and Qwen3.5's GatedDeltaNet in transformers, without its roundings), for
// each segment with the rows x of its hidden states:
//   q | k | v = silu(conv(x qkv_weight^T))       z = x z_weight^T
//   g = -exp(A_log) softplus(x a_weight^T + dt_bias)       beta = sigmoid(x b_weight^T)
//   o = gated delta rule of q / |q|, k / |k|, v, g, beta, from a state of zeros
//   y = (o / rms(o) norm_weight silu(z)) out_weight^T
// conv is causal and depthwise, one filter a channel; |x| = sqrt(sum of squares + 1e-6), rms with
// 1e-6 under the root. A value head h reads key head h / (value_heads / key_heads).
//
// The whole group at once: of ranks and exchanges this knows nothing. The gradients follow the
// same steps backwards, the recurrence token by token.
//
// Magnitudes m say at which scale arithmetic errs, not by how much. What is projected, convolved
// and normalised counts as right to so many digits, alike for all tokens; from the delta rule on m
// is carried along: through the state (as in delta_rule_step.h), through the norm, which divides by
// what the output of the state happens to be, and, backwards, through every step to the first
// order in the errors of both factors of each product.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct GatedDeltaNetBlockProblem {
  std::int64_t key_heads = 1, value_heads = 1, key_dim = 1, value_dim = 1;
  Matrix hidden;        // [total_tokens, hidden]
  Matrix qkv_weight;    // [channels, hidden], channels = 2 key_heads key_dim + values
  Matrix z_weight;      // [values, hidden], values = value_heads value_dim
  Matrix b_weight;      // [value_heads, hidden]
  Matrix a_weight;      // [value_heads, hidden]
  Matrix conv_weight;   // [channels, width]
  Matrix A_log;         // [value_heads, 1]
  Matrix dt_bias;       // [value_heads, 1]
  Matrix norm_weight;   // [value_dim, 1]
  Matrix out_weight;    // [hidden, values]
  Integers cu_seqlens;  // [segments + 1], valid
};

// [total_tokens, hidden]; zero in slack.
JudgedMatrix gated_delta_net_block(const GatedDeltaNetBlockProblem& problem);

// Shaped as what they are gradients of; zero in slack.
struct GatedDeltaNetBlockGradients {
  JudgedMatrix hidden, qkv_weight, z_weight, b_weight, a_weight, conv_weight, A_log, dt_bias,
      norm_weight, out_weight;
};

// dy [total_tokens, hidden].
GatedDeltaNetBlockGradients gated_delta_net_block_backward(const GatedDeltaNetBlockProblem& problem,
                                                           const Matrix& dy);

}  // namespace packproof::reference
