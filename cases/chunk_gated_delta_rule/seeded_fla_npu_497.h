// fla-npu-497: a cu_seqlens that falls is run, not refused.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_fla_npu_497();

}  // namespace packproof::cases
