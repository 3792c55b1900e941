// Historical bugs of this op, put in on purpose: one a source here.
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

SeededBug seeded_areal_1103();
SeededBug seeded_ms_swift_9904();
SeededBug seeded_torchtitan_3892();
SeededBug seeded_twinkle_186_a();

}  // namespace packproof::cases
