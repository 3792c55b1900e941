// The generated cases of cu_seqlens_from_position_ids.
#pragma once

#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof::cases {

std::vector<std::string> cu_seqlens_from_position_ids_descriptors(Tier tier);

}  // namespace packproof::cases
