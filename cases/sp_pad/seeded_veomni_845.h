// veomni-845: boundaries of the pads at the tail come twice.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_veomni_845();

}  // namespace packproof::cases
