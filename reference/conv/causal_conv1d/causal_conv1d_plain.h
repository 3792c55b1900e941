// causal_conv1d in low precision, the obvious way: limits are measured from it. Rounding points:
// everything is fp32 and rounds at each operation, terms are added in the order of the definition
// (bias, then taps from the oldest; sums over tokens from the first to the last), and each output
// element is rounded once to its dtype. The final state is copied.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

Returned causal_conv1d_fwd_plain(const Call& call);
Returned causal_conv1d_bwd_plain(const Call& call);

}  // namespace packproof::reference
