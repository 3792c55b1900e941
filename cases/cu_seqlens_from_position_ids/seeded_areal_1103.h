// areal-1103: the padded length is appended as a boundary even when there is no padding.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_areal_1103();

}  // namespace packproof::cases
