// cu_seqlens_from_position_ids: the boundaries of packed segments, as varlen kernels want them,
// from the position_ids that a collator hands over.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm cu_seqlens_from_position_ids_form();

}  // namespace packproof::cases
