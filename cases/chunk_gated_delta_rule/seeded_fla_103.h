// fla-103: an empty segment shifts those behind it.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_103();

}  // namespace packproof::cases
