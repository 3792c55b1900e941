// twinkle-186-a: cu_seqlens is derived from padded position_ids, whatever was supplied.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_twinkle_186_a();

}  // namespace packproof::cases
