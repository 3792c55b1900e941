// Definition: in its group of sp ranks, rank s has of every token the s-th of sp equal runs of
// heads.
#pragma once

#include "reference/core/arrays.h"
#include "reference/sp/head_exchange_shape.h"

namespace packproof::reference {

// x, rows [ranks, batch, tokens, heads] of dim -> rows [ranks, batch, sp, tokens, own_heads]: the
// tokens of the group's ranks one after the other.
BitRows seq_to_head(const BitRows& x, const HeadExchangeShape& shape);

// dy as seq_to_head gives it -> as its x.
BitRows seq_to_head_backward(const BitRows& dy, const HeadExchangeShape& shape);

}  // namespace packproof::reference
