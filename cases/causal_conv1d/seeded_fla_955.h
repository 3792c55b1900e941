// fla-955: with B > 1, sums for the weights count rows that were never written.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_955();

}  // namespace packproof::cases
