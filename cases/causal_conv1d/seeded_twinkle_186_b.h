// twinkle-186-b: a tensor on one path, a tensor and nothing on the other.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_twinkle_186_b();

}  // namespace packproof::cases
