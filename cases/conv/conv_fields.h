// The fields that both convolutions have.
#pragma once

#include <vector>

#include "cases/core/op_form.h"

namespace packproof {

// channels, width, activation and bias.
std::vector<FieldSpec> conv_fields();

}  // namespace packproof
