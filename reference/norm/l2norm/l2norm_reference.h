// Definition, for each token and head, over the head's features:
//   y = r x    with r = 1 / sqrt(sum x^2 + eps)
//   dx = r (dy - y (y . dy))
// At x = 0 the gradient is dy / sqrt(eps). That is the derivative; implementations that give zero
// there (to keep pads of zeros from passing 1000 times their gradient on) differ from it, and
// need not: pads of a packed layout are slack, with gradient zero.
//
// Magnitudes m: a term counts once for its own roundings and once for each factor r that it has,
// as an error of r is passed on: 2 |y|, and 2 r |dy| + 4 r |y| sum |y dy|.
#pragma once

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct L2NormProblem {
  Matrix x;  // [total_tokens, heads * dim]
  std::int64_t heads = 1;
  double eps = 1e-6;
  Integers cu_seqlens;  // [segments + 1], valid
};

// [total_tokens, heads * dim]; zero in slack.
JudgedMatrix l2norm(const L2NormProblem& problem);
JudgedMatrix l2norm_backward(const L2NormProblem& problem, const Matrix& dy);

}  // namespace packproof::reference
