// slime-1686: cu_seqlens reaches the convolution, but not the delta rule.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_slime_1686();

}  // namespace packproof::cases
