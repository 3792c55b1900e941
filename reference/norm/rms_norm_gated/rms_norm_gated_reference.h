// Definition, for each token and head, over the head's D features (transformers' Qwen3-Next,
// without its roundings):
//   n = r x   with r = 1 / sqrt(sum x^2 / D + eps)        y = n weight silu(z)
// Gradients, with h = dy weight silu(z) that of n:
//   dx = r (h - n sum(h n) / D)      dz = dy n weight silu'(z)      dweight sums dy n silu(z)
// over the heads of all tokens of the segments. silu(z) = z s and silu'(z) = s (1 + z (1 - s)) with
// s = sigmoid(z), taken as IEEE arithmetic gives them at infinities.
//
// Magnitudes m: a term counts once for its own roundings, silu's among them, and once for each
// factor r that it has, as an error of r is passed on. silu' is a sum of s and s z (1 - s).
#pragma once

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct RmsNormGatedProblem {
  Matrix x;       // [total_tokens, heads * dim]
  Matrix z;       // [total_tokens, heads * dim]
  Matrix weight;  // [dim, 1]
  double eps = 1e-6;
  Integers cu_seqlens;  // [segments + 1], valid
};

// [total_tokens, heads * dim]; zero in slack.
JudgedMatrix rms_norm_gated(const RmsNormGatedProblem& problem);

struct RmsNormGatedGradients {
  JudgedMatrix x, z;    // [total_tokens, heads * dim]; zero in slack
  JudgedMatrix weight;  // [dim, 1]
};
RmsNormGatedGradients rms_norm_gated_backward(const RmsNormGatedProblem& problem, const Matrix& dy);

}  // namespace packproof::reference
