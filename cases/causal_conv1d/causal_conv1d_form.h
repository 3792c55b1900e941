// causal_conv1d: depthwise causal convolution over packed sequences, as linear attention models run
// it on q, k and v.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm causal_conv1d_form();

}  // namespace packproof::cases
