// twinkle-186-d: the fallback runs a pack as one sequence.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_twinkle_186_d();

}  // namespace packproof::cases
