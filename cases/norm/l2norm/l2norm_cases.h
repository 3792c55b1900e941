// The generated cases of l2norm.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most some hundred thousand elements each.
std::vector<std::string> l2norm_descriptors(Tier tier);

}  // namespace packproof::cases
