// Definition (causal-conv1d's causal_conv1d_update, on packed tokens): each segment brings one or
// more new tokens of a sequence whose last tokens lie in a slot of the state, oldest first. For
// each segment and channel c, with E the slot's columns followed by the segment's rows of x, of
// which the window sees the last width:
//   u[t, c] = bias[c] + sum_j weight[c, j] * E[c, state_len + t - (width - 1) + j]   y = act(u)
// Afterwards the slot holds the last state_len columns of E. A segment without a slot is padding:
// its rows of y are zero. A slot without a segment stays as it was.
//
// Magnitudes are those of causal_conv1d: m_u = sum of the magnitudes of terms, or through silu.
#pragma once

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct CausalConv1dUpdateProblem {
  Matrix x;             // [total_tokens, channels]
  Matrix weight;        // [channels, width]
  Matrix bias;          // [channels, 1]; empty: no bias
  Integers cu_seqlens;  // [segments + 1], valid
  Matrix state;         // [slots, channels * state_len], state_len >= width - 1
  Integers slots;       // [segments]: the slot of each, all different, or -1
  bool silu = false;
};

// [total_tokens, channels]; zero in slack.
JudgedMatrix causal_conv1d_update(const CausalConv1dUpdateProblem& problem);

// The state afterwards. Only moves data: x and state may hold anything, such as bit patterns.
Matrix causal_conv1d_update_state(const CausalConv1dUpdateProblem& problem);

}  // namespace packproof::reference
