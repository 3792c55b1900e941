// Clues that take the reference's word for the parts that a result was made from.
#pragma once

#include "harness/looks_like/fault_clues.h"
#include "harness/looks_like/supposition.h"

namespace packproof::verdict {

// Which head of an input a head of the output was made from.
Clue find_other_head(const Supposition& suppose);
// Which segment's, token's or upstream gradient's share is missing in a gradient, or is in it
// twice.
Clue find_missing_share(const Supposition& suppose);

}  // namespace packproof::verdict
