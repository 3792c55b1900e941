// l2norm: features divided by their norm, as linear attention models do with q and k.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm l2norm_form();

}  // namespace packproof::cases
