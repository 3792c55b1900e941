// gated_delta_net_block: the whole linear-attention layer of Qwen3-Next and Qwen3.5.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm gated_delta_net_block_form();

}  // namespace packproof::cases
