// Definition, for each token and head h, with v = a + dt_bias[h] (Gated Delta Networks, arXiv
// 2412.06464, and its implementations):
//   g = -exp(A_log[h]) softplus(v)    with softplus(v) = log(1 + exp(v))
//   beta = sigmoid(b)
// Gradients: da = -dg exp(A_log) sigmoid(v), db = dbeta sigmoid(b) (1 - sigmoid(b)); over all
// tokens of the segments, ddt_bias sums da and dA_log sums dg g.
//
// Magnitudes m are sums of the magnitudes of terms, and of what the rounding of v passes on, which
// is |v| times the slope: for softplus sigmoid(v), for sigmoid(v) at most sigmoid(v) (1 - sigmoid).
// Where exp underflows fp32 it rounds as coarsely as at 2^-126: m has that much more.
#pragma once

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct GdnGatingProblem {
  Matrix a;             // [total_tokens, heads]
  Matrix b;             // [total_tokens, heads]
  Matrix A_log;         // [heads, 1]
  Matrix dt_bias;       // [heads, 1]
  Integers cu_seqlens;  // [segments + 1], valid
};

// Each [total_tokens, heads]; zero in slack.
struct GdnGates {
  JudgedMatrix g, beta;
};
GdnGates gdn_gating(const GdnGatingProblem& problem);

struct GdnGatingGradients {
  JudgedMatrix a, b;            // [total_tokens, heads]; zero in slack
  JudgedMatrix A_log, dt_bias;  // [heads, 1]
};
GdnGatingGradients gdn_gating_backward(const GdnGatingProblem& problem, const Matrix& dg,
                                       const Matrix& dbeta);

}  // namespace packproof::reference
