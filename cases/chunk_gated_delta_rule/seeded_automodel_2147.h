// automodel-2147: the delta rule is not told of boundaries.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_automodel_2147();

}  // namespace packproof::cases
