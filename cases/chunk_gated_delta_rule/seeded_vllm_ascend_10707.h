// vllm-ascend-10707: nothing is computed where cu_seqlens ends before the last row.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

SeededBug seeded_vllm_ascend_10707();

}  // namespace packproof::cases
