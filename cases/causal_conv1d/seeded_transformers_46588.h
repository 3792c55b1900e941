// transformers-46588: the convolution is not told of boundaries.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_transformers_46588();

}  // namespace packproof::cases
