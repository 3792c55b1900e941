// The generated cases of chunk_gated_delta_rule.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

// Quick cases have at most some tens of thousands of elements an input.
std::vector<std::string> chunk_gated_delta_rule_descriptors(Tier tier);

}  // namespace packproof::cases
