// last_token_pool: the last token of each segment, [T, dim] -> [S, dim], as reward and embedding
// models pool a packed row. An empty segment has none: its row is zero and its flag 0.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm last_token_pool_form();

}  // namespace packproof::cases
