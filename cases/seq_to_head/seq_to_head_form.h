// Ulysses' first half: from shards of tokens to shards of heads, by an all-to-all.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm seq_to_head_form();

}  // namespace packproof::cases
