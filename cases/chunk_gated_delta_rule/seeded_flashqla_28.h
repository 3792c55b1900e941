// flashqla-28: the gradient of the gates loses its precision.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_flashqla_28();

}  // namespace packproof::cases
