// sp_split: each rank's share of a padded row, [T, dim] -> [T / sp, dim] a rank; sp_layout.h has
// the two layouts. All ranks hold the same row, which is one tensor here. Rows move as bits, slack
// (contiguous) too.
//
// Backward: every rank needs the gradient of the whole row, as it holds all of it, so the shares
// are gathered: dx [sp, T, dim], the same on every rank.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm sp_split_form();

}  // namespace packproof::cases
