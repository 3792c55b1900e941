// chunk_gated_delta_rule: the linear attention of Qwen3.5 over packed sequences, a state of
// [key_dim, value_dim] for each segment and value head that decays, and learns by the delta rule.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm chunk_gated_delta_rule_form();

}  // namespace packproof::cases
