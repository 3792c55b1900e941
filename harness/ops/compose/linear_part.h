// Projections of one input without bias. Ports: x [tokens, in]; weight0, weight1, ... [out, in];
// y0, y1, ..., which take the outputs of all weights one after another, each those of one weight;
// cu_seqlens.
#pragma once

#include "harness/ops/compose/part.h"

namespace packproof::harness {

Part linear_part();

}  // namespace packproof::harness
