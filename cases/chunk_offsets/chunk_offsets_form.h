// chunk_offsets: the number of chunks before each segment, where its chunk states begin.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm chunk_offsets_form();

}  // namespace packproof::cases
