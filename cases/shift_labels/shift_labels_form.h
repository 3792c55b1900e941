// shift_labels: the label that each token is to predict, that of the next token of its segment.
// -100, which a loss ignores, at each segment's end, in slack, and on both sides of a pad.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm shift_labels_form();

}  // namespace packproof::cases
