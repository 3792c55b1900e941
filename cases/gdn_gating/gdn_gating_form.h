// gdn_gating: decay and write strength of a gated delta rule from its projections.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm gdn_gating_form();

}  // namespace packproof::cases
