// Historical bugs, put in on purpose: cases/<family>/<op>/seeded/<id>.cpp. The op's form lists
// them.
#pragma once

#include "cases/core/op_form.h"

namespace packproof::cases {

// Of cu_seqlens_from_position_ids.
SeededBug seeded_areal_1103();
SeededBug seeded_ms_swift_9904();
SeededBug seeded_torchtitan_3892();
SeededBug seeded_twinkle_186_a();

// Of sp_pad.
SeededBug seeded_veomni_845();

// Of sp_gather.
SeededBug seeded_ms_swift_10182();

// Of causal_conv1d.
SeededBug seeded_causal_conv1d_101();
SeededBug seeded_causal_conv1d_114();
SeededBug seeded_fla_955();
SeededBug seeded_transformers_46588();
SeededBug seeded_twinkle_186_b();
SeededBug seeded_twinkle_186_c();

// Of l2norm.
SeededBug seeded_keras_23075();
SeededBug seeded_maxtext_5295();

// Of chunk_gated_delta_rule.
SeededBug seeded_automodel_2147();
SeededBug seeded_fla_103();
SeededBug seeded_fla_892();
SeededBug seeded_fla_npu_309();
SeededBug seeded_fla_npu_497();
SeededBug seeded_flashqla_28();
SeededBug seeded_twinkle_186_d();
SeededBug seeded_vllm_ascend_10707();

// Of fused_recurrent_gated_delta_rule.
SeededBug seeded_fla_913();

// Of gated_delta_net_block.
SeededBug seeded_slime_1686();

}  // namespace packproof::cases
