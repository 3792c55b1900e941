// rms_norm_gated: the norm and gate on the output of a gated delta rule.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm rms_norm_gated_form();

}  // namespace packproof::cases
