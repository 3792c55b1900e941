// causal_conv1d with silu and without bias and states, as a part of layers: see judged_call.h.
#pragma once

#include "reference/core/judged_call.h"

namespace packproof::reference {

void causal_conv1d_judged(const JudgedCall& call);

}  // namespace packproof::reference
