// rms_norm_gated as a part of layers: see judged_call.h. It divides by what x happens to be, and so
// errs by more where the magnitude of x is beyond that.
#pragma once

#include "reference/core/judged_call.h"

namespace packproof::reference {

void rms_norm_gated_judged(const JudgedCall& call);

}  // namespace packproof::reference
