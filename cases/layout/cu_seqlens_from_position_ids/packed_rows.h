// How segments lie in the [rows, row_tokens] layout of a batch, and the position_ids of its tokens.
#pragma once

#include <cstdint>
#include <vector>

#include "cases/core/case.h"

namespace packproof::cases {

// Consecutive tokens of one segment in one row, or a run of pads.
struct Piece {
  std::int64_t begin;    // flat index of its first token
  std::int64_t length;   // 0 for an empty segment
  std::int64_t segment;  // -1 for pads
  std::int64_t offset;   // of its first token within the segment: not 0 where a row cuts a segment
  bool begins_row;       // no token stands before it in its row
};

struct PackedRows {
  std::int64_t rows = 1;
  std::int64_t row_tokens = 0;  // pads included
  std::vector<Piece> pieces;    // in flat order; together they cover every token once

  std::int64_t tokens() const { return rows * row_tokens; }
};

// Deals the segments over the rows, each `capacity / rows` tokens long and then padded to a
// multiple of `sp`. deal=cut: one row after the other without a gap, so that a segment may be cut
// by a row's end and goes on, mid-sequence, in the next. deal=whole: a segment that does not fit in
// what is left of a row starts the next one. Throws CaseError where the segments do not fit.
PackedRows deal_rows(const Case& c);

// [components, rows, row_tokens] by the case's form, start, restart, images, lead and tail.
std::vector<std::int64_t> position_ids_of(const PackedRows& layout, const Case& c);

// The boundaries that a collator supplies: of every piece up to the end of the last segment, empty
// segments included, pads at the end left out.
std::vector<std::int64_t> supplied_boundaries(const PackedRows& layout);

// Rows in front of [rows, row_tokens]: 1, 3 or 4.
std::int64_t components_of(const Case& c);

}  // namespace packproof::cases
