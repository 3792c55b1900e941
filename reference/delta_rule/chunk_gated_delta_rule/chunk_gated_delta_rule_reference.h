// Definition (Gated Delta Networks, arXiv 2412.06464, eq. 10; transformers' Qwen3-Next), for each
// segment and value head h with key head h / (value_heads / key_heads), token by token:
//   S <- exp(g) S
//   S <- S + k (beta (v - S^T k))^T
//   o  = S^T q / sqrt(key_dim)
// S is [key_dim, value_dim], at first the initial state or zero, at last the final state. With
// normalize, q and k are first divided by sqrt(sum of squares + 1e-6).
//
// The gradients follow the recurrence backwards, token by token, from the stored states: never the
// chunked form.
//
// Magnitudes m are sums of the magnitudes of terms. Those of S and dS add each token's terms to
// what decays; they do not follow errors through the update of S by itself, which contracts.
// Those of dg are summed over the next 64 tokens: see widen_gate_magnitudes.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct GatedDeltaRuleProblem {
  std::int64_t key_heads = 1, value_heads = 1, key_dim = 1, value_dim = 1;
  Matrix q, k;           // [total_tokens, key_heads * key_dim]
  Matrix v;              // [total_tokens, value_heads * value_dim]
  Matrix g, beta;        // [total_tokens, value_heads]
  Integers cu_seqlens;   // [segments + 1], valid
  Matrix initial_state;  // [segments, value_heads * key_dim * value_dim]; empty: zeros
  bool normalize = false;
};

struct GatedDeltaRuleOutputs {
  JudgedMatrix o;            // [total_tokens, value_heads * value_dim]; zero in slack
  JudgedMatrix final_state;  // [segments, value_heads * key_dim * value_dim]
};

GatedDeltaRuleOutputs gated_delta_rule(const GatedDeltaRuleProblem& problem);

struct GatedDeltaRuleGradients {
  JudgedMatrix q, k, v, g, beta;  // shaped as the inputs; zero in slack
  JudgedMatrix initial_state;     // [segments, value_heads * key_dim * value_dim]
};

// dout [total_tokens, value_heads * value_dim]; dfinal_state as the final state, empty: zeros.
GatedDeltaRuleGradients gated_delta_rule_backward(const GatedDeltaRuleProblem& problem,
                                                  const Matrix& dout, const Matrix& dfinal_state);

}  // namespace packproof::reference
