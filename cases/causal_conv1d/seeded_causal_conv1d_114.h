// causal-conv1d-114: offsets of 32 bits wrap on long inputs.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_causal_conv1d_114();

}  // namespace packproof::cases
