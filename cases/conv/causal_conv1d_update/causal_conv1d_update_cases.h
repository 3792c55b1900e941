// The generated cases of causal_conv1d_update.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most a hundred thousand elements each.
std::vector<std::string> causal_conv1d_update_descriptors(Tier tier);

}  // namespace packproof::cases
