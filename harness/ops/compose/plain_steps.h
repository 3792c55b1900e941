// A composed op by the plain runs of its parts, on one rank: what is between two steps is rounded
// to its dtype.
#pragma once

#include "harness/ops/compose/composition.h"

namespace packproof::harness {

Returned run_plain(const Composition& steps, const Call& call);

}  // namespace packproof::harness
