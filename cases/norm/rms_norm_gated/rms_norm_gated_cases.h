// The generated cases of rms_norm_gated.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most some hundred thousand elements each.
std::vector<std::string> rms_norm_gated_descriptors(Tier tier);

}  // namespace packproof::cases
