// Random segment lengths, rich in what packed ops trip over.
#pragma once

#include <cstdint>
#include <vector>

#include "cases/core/philox.h"

namespace packproof {

struct RandomLayout {
  std::vector<std::int64_t> lengths;  // of the segments, in tokens; at least one
  std::int64_t capacity = 0;          // rows, at least the sum of lengths
};

// A layout of about `tokens` >= 1 tokens: even or long-tailed, around a window, a chunk or a
// kernel's tile, many of one token, one giant; with empty segments at either end, between or alone;
// some of multiples of a number of ranks; slack from none to many times the tokens.
RandomLayout random_layout(std::int64_t tokens, PhiloxSequence& random);

// The boundaries of the layout with a fault, as find_fault sees it.
std::vector<std::int64_t> random_broken_boundaries(const RandomLayout& layout,
                                                   PhiloxSequence& random);

}  // namespace packproof
