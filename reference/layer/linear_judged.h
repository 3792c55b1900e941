// Linear projections without bias: x goes through weight0, weight1, ... [out, in], and what comes
// of all of them, side by side, is y0, y1, ... Backward: dy0, dy1, ... give dx and dweight0,
// dweight1, ...
#pragma once

#include "reference/core/judged_call.h"

namespace packproof::reference {

void linear_judged(const JudgedCall& call);

}  // namespace packproof::reference
