// The generated cases of gdn_gating.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most a hundred thousand elements each.
std::vector<std::string> gdn_gating_descriptors(Tier tier);

}  // namespace packproof::cases
