// fused_recurrent_gated_delta_rule in low precision, the obvious way: limits are measured from it.
// Rounding points: everything is fp32 and rounds at each operation, token by token in the order of
// the definition, q scaled before it reads; each element of o is rounded once to its dtype, the
// state stays fp32. With l2norm inside, q and k stay fp32 behind it.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

Returned fused_recurrent_gated_delta_rule_plain(const Call& call);

}  // namespace packproof::reference
