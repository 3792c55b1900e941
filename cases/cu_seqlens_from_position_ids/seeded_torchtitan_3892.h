// torchtitan-3892: cu_seqlens is derived from the first row of the batch only.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_torchtitan_3892();

}  // namespace packproof::cases
