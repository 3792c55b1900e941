// Definition, for each segment and channel c, with E the width - 1 rows of history (the initial
// state, or zeros) followed by the segment's rows of x:
//   u[t, c] = bias[c] + sum_j weight[c, j] * E[t + j, c]        y = act(u)
// The final state is the last width - 1 rows of E. act is the identity or silu(u) =
// u / (1 + exp(-u)), taken as IEEE arithmetic gives it at infinities: silu(-inf) is NaN, and so are
// both limits of silu'(u) = s (1 + u (1 - s)) with s = 1 / (1 + exp(-u)).
//
// Magnitudes m are sums of the magnitudes of terms, so that |computed - exact| <= c unit_roundoff m
// with a small c for a correct kernel that sums in fp32. With m_u that sum for u:
//   y        identity: m_u. silu: |silu(u)| + slope m_u, as an error of u is passed on.
//   g        = dy act'(u). silu: |dy| (s (1 + |u| r) + curvature m_u), r the share of 1 - s that
//            its own rounding spoils (1, falling to 0 where s rounds to 1).
//   dx, ...  sums of |weight| m_g, |x| m_g, m_g, and |dfinal_state|.
// slope and curvature bound |silu'| and |silu''| over all that rounding may make of u. Below
// u = -88.7 exp(-u) overflows fp32, and x / (1 + exp(-x)) gives 0 for up to 2^-126 |u|: m has
// 2^-102 m_u more, which is that much in fp32 with c = 1, and nothing anywhere else.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct CausalConv1dProblem {
  Matrix x;              // [total_tokens, channels]
  Matrix weight;         // [channels, width]
  Matrix bias;           // [channels, 1]; empty: no bias
  Integers cu_seqlens;   // [segments + 1], valid
  Matrix initial_state;  // [segments, channels * (width - 1)]; empty: zeros
  bool silu = false;
};

// [total_tokens, channels]; zero in slack.
JudgedMatrix causal_conv1d(const CausalConv1dProblem& problem);

// [segments, channels * (width - 1)]. Only moves data: x and initial_state may hold anything, such
// as bit patterns.
Matrix causal_conv1d_final_state(const CausalConv1dProblem& problem);

struct CausalConv1dGradients {
  JudgedMatrix x;              // [total_tokens, channels]; zero in slack
  JudgedMatrix weight;         // [channels, width]
  JudgedMatrix bias;           // [channels, 1]
  JudgedMatrix initial_state;  // [segments, channels * (width - 1)]
};

// dfinal_state [segments, channels * (width - 1)]; empty: zeros.
CausalConv1dGradients causal_conv1d_backward(const CausalConv1dProblem& problem, const Matrix& dy,
                                             const Matrix& dfinal_state);

}  // namespace packproof::reference
