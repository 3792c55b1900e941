// chunk_indices: a table of (segment, chunk within the segment), one row a chunk, as kernels that
// give each block one chunk want it.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm chunk_indices_form();

}  // namespace packproof::cases
