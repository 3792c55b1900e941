// The generated cases of fused_recurrent_gated_delta_rule.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most some hundred thousand elements of state each.
std::vector<std::string> fused_recurrent_gated_delta_rule_descriptors(Tier tier);

}  // namespace packproof::cases
