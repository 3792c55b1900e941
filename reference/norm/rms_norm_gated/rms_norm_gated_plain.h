// rms_norm_gated in low precision, the obvious way: limits are measured from it. Rounding points of
// the forward pass, as in transformers: the norm in fp32, rounded to the dtype; times the weight,
// rounded again; times silu in fp32, rounded. The backward pass is fp32 from unrounded norms, sums
// run from the first feature to the last and from the first row to the last, and each output
// element is rounded once to its dtype.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

Returned rms_norm_gated_fwd_plain(const Call& call);
Returned rms_norm_gated_bwd_plain(const Call& call);

}  // namespace packproof::reference
