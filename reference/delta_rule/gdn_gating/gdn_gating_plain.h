// gdn_gating the obvious way: limits are measured from it. Rounding points: everything is fp32 and
// rounds at each operation, sums over tokens run from the first to the last, and da and db are
// rounded once to their dtype. Softplus is the identity above 20, as in PyTorch.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

Returned gdn_gating_fwd_plain(const Call& call);
Returned gdn_gating_bwd_plain(const Call& call);

}  // namespace packproof::reference
