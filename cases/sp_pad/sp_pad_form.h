// sp_pad: pads a packed row so that it can be shared out over sequence-parallel ranks: behind the
// last token to a multiple of sp (layout=contiguous), or each segment to a multiple of 2 sp
// (layout=zigzag). sp_layout.h says what lies where.
//
// Inputs: hidden rows x [T, dim], input_ids, position_ids and labels [T], weights [T], cu_seqlens.
// Outputs: the same over `padded_cap` rows, and cu_seqlens_padded. A pad is pad_id, position -1,
// label -100, weight 0 and a row of zeros; so is slack of the padded row, which begins at
// cu_seqlens_padded[-1] and is there only when more rows were asked for than needed. Slack of the
// inputs is never read.
//
// Backward: dx [T, dim] of the tokens; what reached pads and slack is dropped. Slack of dx is zero.
//
// sp_split by cu_seqlens_padded, then sp_gather by both gives the tokens back as they were.
#pragma once

#include "cases/packing/op_form.h"

namespace packproof::cases {

OpForm sp_pad_form();

}  // namespace packproof::cases
