// sequence_index: the segment of each token, as kernels that take `seq_idx` want it.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm sequence_index_form();

}  // namespace packproof::cases
