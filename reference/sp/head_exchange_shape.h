// How Ulysses' exchange shares out tokens and heads: what the references of seq_to_head and
// head_to_seq share.
#pragma once

#include <cstdint>

#include "cases/core/case.h"

namespace packproof::reference {

// There are sp * ring ranks. A rank has, by sequence, `tokens` of each of `batch` rows and all
// heads; by heads, the sp * tokens of its group of each row and `own_heads`.
struct HeadExchangeShape {
  std::int64_t sp, ring, batch, tokens, own_heads;

  explicit HeadExchangeShape(const Case& c)
      : sp(c.integer("sp")),
        ring(c.integer("ring")),
        batch(c.integer("batch")),
        tokens(c.capacity / (sp * ring)),
        own_heads(c.integer("heads") / sp) {}

  std::int64_t heads() const { return sp * own_heads; }
};

}  // namespace packproof::reference
