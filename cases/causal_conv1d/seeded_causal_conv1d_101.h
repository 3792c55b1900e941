// causal-conv1d-101 (and 117): the sequence index is read past the tail.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_causal_conv1d_101();

}  // namespace packproof::cases
