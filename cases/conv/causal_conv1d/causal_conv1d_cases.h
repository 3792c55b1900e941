// The generated cases of causal_conv1d.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most some hundred thousand elements each.
std::vector<std::string> causal_conv1d_descriptors(Tier tier);

}  // namespace packproof::cases
