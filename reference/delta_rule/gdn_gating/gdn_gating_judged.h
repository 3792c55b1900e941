// gdn_gating as a part of layers: see judged_call.h.
#pragma once

#include "reference/core/judged_call.h"

namespace packproof::reference {

void gdn_gating_judged(const JudgedCall& call);

}  // namespace packproof::reference
