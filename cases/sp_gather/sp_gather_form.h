// sp_gather: from the shares of all ranks, [rows / sp, dim] each, to the tokens in packed order
// without pads, [T, dim] on every rank: what a loss may see. cu_seqlens are the tokens' boundaries,
// cu_seqlens_padded those of the row that was split (sp_layout.h). Slack of y is zero.
//
// Backward: every rank computed the same loss from its copy of y, so its copy of dy is the whole
// gradient already. Each rank takes its share of it; pads and slack get zero. Nothing is summed or
// scaled. ms-swift's GatherTensor does just this. Its GatherLoss also multiplies by the ranks, for
// an optimiser that takes the mean over them: that is left to the caller. A reduce_scatter, which
// is the gradient of an all_gather whose copies go different ways, would be sp times too large.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm sp_gather_form();

}  // namespace packproof::cases
