// chunk_gated_delta_rule without states, keys and queries normalised inside, as a part of layers:
// see judged_call.h.
#pragma once

#include "reference/core/judged_call.h"

namespace packproof::reference {

void chunk_gated_delta_rule_judged(const JudgedCall& call);

}  // namespace packproof::reference
