// Historical bugs of this op, put in on purpose: one a source here.
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

SeededBug seeded_automodel_2147();
SeededBug seeded_fla_103();
SeededBug seeded_fla_892();
SeededBug seeded_fla_npu_309();
SeededBug seeded_fla_npu_497();
SeededBug seeded_flashqla_28();
SeededBug seeded_twinkle_186_d();
SeededBug seeded_vllm_ascend_10707();

}  // namespace packproof::cases
