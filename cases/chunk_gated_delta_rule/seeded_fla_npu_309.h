// fla-npu-309: gradients of states are not carried back where a segment does not fill a chunk.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_npu_309();

}  // namespace packproof::cases
