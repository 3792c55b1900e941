// twinkle-186-c: silu, whatever activation was asked for.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_twinkle_186_c();

}  // namespace packproof::cases
