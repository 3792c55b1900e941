// keras-23075: the backward pass divides by the norm itself.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_keras_23075();

}  // namespace packproof::cases
