// What an op takes and gives, as text: found by trying the form's fields, so that it cannot differ
// from what runs.
#pragma once

#include <string>

#include "cases/core/op_form.h"

namespace packproof::harness {

// The inputs and outputs of one direction, a line each: name, dims, dtype, how an output is judged
// and what its slack rows hold, and with which fields it is there. A dim is the field that it
// follows, T (rows of the packed layout), S (segments), or the name of its axis.
std::string op_tensors_text(const OpForm& form, Direction direction);

}  // namespace packproof::harness
