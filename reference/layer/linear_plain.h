// Linear projections without bias, the obvious way. Rounding points, as in transformers: each
// projection's output once, its sum being fp32; each gradient of a weight once; the gradient of a
// shared input once a projection, and again each time that one is added.
#pragma once

#include "cases/core/call.h"

namespace packproof::reference {

// The call's x [tokens, in] goes through weight0, weight1, ... [out, in], and what comes of all of
// them, side by side, is y0, y1, ...; those of one weight are one projection. Zero in slack.
// Backward: dy0, dy1, ... give dx and dweight0, dweight1, ...
void linear_plain(const Call& call);

}  // namespace packproof::reference
