// The reference of a composed op: its parts in float64, on one rank, with the magnitudes of what
// goes from one to the next.
#pragma once

#include "harness/ops/compose/composition.h"

namespace packproof::harness {

ReferenceResult run_judged(const Composition& steps, const Call& call);

}  // namespace packproof::harness
