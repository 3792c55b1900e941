// Historical bugs of this op, put in on purpose: one a source here.
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

SeededBug seeded_causal_conv1d_101();
SeededBug seeded_causal_conv1d_114();
SeededBug seeded_fla_955();
SeededBug seeded_transformers_46588();
SeededBug seeded_twinkle_186_b();
SeededBug seeded_twinkle_186_c();

}  // namespace packproof::cases
