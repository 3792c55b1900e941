// Ulysses' second half: from shards of heads back to shards of tokens, by an all-to-all.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm head_to_seq_form();

}  // namespace packproof::cases
