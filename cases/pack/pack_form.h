// pack: a padded batch [B, L, ...] and its mask -> packed rows [T, ...] and their cu_seqlens, as
// flash-attn's unpad_input does. Backward: the gradient of the padded batch.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm pack_form();

}  // namespace packproof::cases
