// Historical bugs of this op, put in on purpose: one a source here.
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_913();

}  // namespace packproof::cases
