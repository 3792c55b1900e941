// fused_recurrent_gated_delta_rule: the gated delta rule while decoding, its state in place.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm fused_recurrent_gated_delta_rule_form();

}  // namespace packproof::cases
