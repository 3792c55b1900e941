// maxtext-5295: pads are tokens of zeros, and the backward pass at zero passes on 1000 times what
// it is given.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_maxtext_5295();

}  // namespace packproof::cases
