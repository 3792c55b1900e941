// fla-892: slack rows are never written.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_892();

}  // namespace packproof::cases
