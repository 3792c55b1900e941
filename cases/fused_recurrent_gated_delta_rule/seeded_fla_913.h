// fla-913: the recurrent kernel reads behind its tensors.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_913();

}  // namespace packproof::cases
