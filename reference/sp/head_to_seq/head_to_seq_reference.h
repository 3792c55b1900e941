// Definition: the heads of all ranks of a group side by side in every token, those of its rank 0
// first.
#pragma once

#include "reference/core/arrays.h"
#include "reference/sp/head_exchange_shape.h"

namespace packproof::reference {

// x, rows [ranks, batch, sp, tokens, own_heads] of dim -> rows [ranks, batch, tokens, heads]: each
// rank has the tokens of its place in the group.
BitRows head_to_seq(const BitRows& x, const HeadExchangeShape& shape);

// dy as head_to_seq gives it -> as its x.
BitRows head_to_seq_backward(const BitRows& dy, const HeadExchangeShape& shape);

}  // namespace packproof::reference
