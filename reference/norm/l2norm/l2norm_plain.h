// l2norm in low precision, the obvious way: limits are measured from it. Rounding points:
// everything is fp32 and rounds at each operation, sums run from the first feature to the last, and
// each output element is rounded once to its dtype.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

Returned l2norm_fwd_plain(const Call& call);
Returned l2norm_bwd_plain(const Call& call);

}  // namespace packproof::reference
