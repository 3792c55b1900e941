// causal_conv1d_update: the convolution of causal_conv1d while decoding, its state in place.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm causal_conv1d_update_form();

}  // namespace packproof::cases
