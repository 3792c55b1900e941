// How Ulysses' exchange shares out tokens and heads, as seq_to_head and head_to_seq are told.
#pragma once

#include <cstdint>

namespace packproof::reference {

// There are sp * ring ranks. A rank has, by sequence, `tokens` of each of `batch` rows and all
// heads; by heads, the sp * tokens of its group of each row and `own_heads`.
struct HeadExchangeShape {
  std::int64_t sp, ring, batch, tokens, own_heads;

  std::int64_t heads() const { return sp * own_heads; }
};

}  // namespace packproof::reference
