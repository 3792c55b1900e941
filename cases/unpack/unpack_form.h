// unpack: packed rows [T, ...], a mask and its cu_seqlens -> a padded batch [B, L, ...] with zero
// pads, as flash-attn's pad_input does. Backward: the gradient of the packed rows.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm unpack_form();

}  // namespace packproof::cases
