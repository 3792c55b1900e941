// The gated delta rule on padded rows, in chunks. Only *_padded.cpp include this.
#pragma once

#include <ATen/ATen.h>

namespace packproof::reference {

// [batch, longest, heads, ...], zero in pads. Heads of q and k may be fewer: each is that of as
// many neighbouring heads of v. initial_state: [batch, heads of v, key_dim, value_dim], or
// undefined.
struct DeltaRuleRows {
  at::Tensor q, k, v, g, beta, initial_state;
};

struct PaddedDeltaRule {
  at::Tensor o, final_state;  // o: rows
};

// A graph holds a state for each 64 rows. normalize: q and k are made of length 1.
PaddedDeltaRule delta_rule_on_rows(const DeltaRuleRows& in, bool normalize);

}  // namespace packproof::reference
