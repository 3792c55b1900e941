// What sp_pad, sp_split and sp_gather have in common: how a packed row lies on the ranks of a
// sequence-parallel group.
//
// contiguous (Ulysses): rank r of n holds the r-th of n equal runs of the whole row, slack
//   included. Pads follow the last token, up to a multiple of n, and are a segment of their own,
//   which is empty where none are needed: cu_seqlens_padded is [S + 2]. Its first S + 1 entries are
//   cu_seqlens. Behind the pads lies slack.
// zigzag (ring attention): each segment is padded to a multiple of 2 n and cut into 2 n chunks, of
//   which rank r holds r and 2 n - 1 - r; its segments follow each other. cu_seqlens_padded is
//   [S + 1], and there is no slack: which rank would hold it?
//
// Token i of segment s is row cu_seqlens_padded[s] + i of the padded row in both.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cases/core/op_form.h"

namespace packproof {

// The fields `layout` and `sp`.
std::vector<FieldSpec> sp_layout_fields();
std::int64_t sp_ranks(const Case& the_case);
// The field `padded_cap`, and `dim`.
FieldSpec sp_padded_capacity_field();
FieldSpec sp_dim_field();

// cu_seqlens_padded of the case's lengths. A broken raw_cu_seqlens gives what its rising steps
// would have.
std::vector<std::int64_t> sp_padded_boundaries(const Case& the_case);

// Rows of the padded row: `padded_cap`, or the fewest that hold any pack of the case's capacity
// (contiguous) or this one (zigzag).
std::int64_t sp_padded_rows(const Case& the_case);

// Why the tokens cannot lie in the padded row, or "".
std::string sp_padding_refusal(const Case& the_case);

// [padded rows]: not 0 for pads and slack. All 0 where the padded row cannot be laid out.
std::vector<std::uint8_t> sp_pad_flags(const Case& the_case);
// The same rank after rank, [sp, padded rows / sp].
std::vector<std::uint8_t> sp_pad_flags_by_rank(const Case& the_case);

// [sp, rows / sp, dim], rounded up for rows that cannot be shared out, whose case must be refused.
Dims sp_share_dims(const Case& the_case, std::int64_t rows);

}  // namespace packproof
