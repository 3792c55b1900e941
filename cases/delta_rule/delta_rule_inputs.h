// What the forms of the gated delta rule share, chunked or token by token: fields, sizes, inputs.
#pragma once

#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/tensor.h"

namespace packproof {

// key_heads, value_heads, key_dim, value_dim, l2norm, gates, betas, keys. The functions below need
// them all.
std::vector<FieldSpec> delta_rule_fields();

struct DeltaRuleSizes {
  Dims keys;    // of q and k: [tokens, key_heads, key_dim]
  Dims values;  // of v and o: [tokens, value_heads, value_dim]
  Dims gates;   // of g and beta: [tokens, value_heads]

  // [first, value_heads, key_dim, value_dim]
  Dims states(const Dim& first) const { return {first, values[1], keys[2], values[2]}; }
};

// Throws CaseError where value_heads is not a multiple of key_heads.
DeltaRuleSizes delta_rule_sizes(const Case& the_case);

// q, k, v, g, beta, cu_seqlens. Throws CaseError for fills that let the state grow without bound.
std::vector<InputSpec> delta_rule_inputs(const Case& the_case);

// Bits where nothing is ever rounded but the output, else by tolerance.
Judged delta_rule_judged(const Case& the_case);

}  // namespace packproof
