// Definition (Gated Delta Networks, arXiv 2412.06464, eq. 10, as fla's fused_recurrent decodes):
// each segment brings one or more new tokens of a sequence whose state S lies in a slot. For each
// segment and value head h with key head h / (value_heads / key_heads), token by token:
//   S <- exp(g) S
//   S <- S + k (beta (v - S^T k))^T
//   o  = S^T q / sqrt(key_dim)
// The slot then holds the S behind the last token. With normalize, q and k are first divided by
// sqrt(sum of squares + 1e-6). A segment without a slot is padding: its rows of o are zero. A slot
// without a segment stays as it was.
//
// Magnitudes: see delta_rule_step.h.
#pragma once

#include <cstdint>

#include "reference/core/arrays.h"
#include "reference/core/judged_matrix.h"

namespace packproof::reference {

struct FusedRecurrentProblem {
  std::int64_t key_heads = 1, value_heads = 1, key_dim = 1, value_dim = 1;
  Matrix q, k;          // [total_tokens, key_heads * key_dim]
  Matrix v;             // [total_tokens, value_heads * value_dim]
  Matrix g, beta;       // [total_tokens, value_heads]
  Integers cu_seqlens;  // [segments + 1], valid
  Matrix state;         // [slots, value_heads * key_dim * value_dim]
  Integers slots;       // [segments]: the slot of each, all different, or -1
  bool normalize = false;
};

struct FusedRecurrentOutputs {
  JudgedMatrix o;      // [total_tokens, value_heads * value_dim]; zero in slack
  JudgedMatrix state;  // [slots, value_heads * key_dim * value_dim]: afterwards
};

FusedRecurrentOutputs fused_recurrent_gated_delta_rule(const FusedRecurrentProblem& problem);

}  // namespace packproof::reference
