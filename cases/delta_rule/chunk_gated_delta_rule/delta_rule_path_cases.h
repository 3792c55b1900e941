// Cases that meet what kernels of the delta rule choose by shape: groups of heads, lists of work
// longer than a GPU has multiprocessors, long segments in pieces; and values at the edge.
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

CasesByTier delta_rule_path_cases();

}  // namespace packproof::cases
