// The generated cases of gated_delta_net_block.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

std::vector<std::string> gated_delta_net_block_descriptors(Tier tier);

}  // namespace packproof::cases
