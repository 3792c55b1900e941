// causal_conv1d_update in low precision, the obvious way: limits are measured from it. Rounding
// points: everything is fp32 and rounds at each operation, terms are added in the order of the
// definition (bias, then taps from the oldest), and each output element is rounded once to its
// dtype. The state moves bit by bit.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

Returned causal_conv1d_update_plain(const Call& call);

}  // namespace packproof::reference
