// Cases that meet what kernels of the delta rule choose by shape: groups of heads, lists of work
// longer than a GPU has multiprocessors, long segments in pieces; and values at the edge.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Descriptors of exactly this tier.
std::vector<std::string> delta_rule_path_descriptors(Tier tier);

}  // namespace packproof::cases
