// Definition, over the flat index space [rows * row_tokens], row-major. A pad has position -1. A
// segment never spans two rows, nor tokens and pads; within a row a token opens one when its
// position is 0 or not its predecessor's + 1. With three mrope components, where the tokens of an
// image share a temporal position: when all three are 0 or the temporal one falls. Four components
// are text positions, judged as plain ones, and three more that say nothing about boundaries.
#pragma once

#include <cstdint>
#include <optional>

#include "reference/core/arrays.h"

namespace packproof::reference {

struct PositionIdRows {
  Integers ids;             // [components, rows, row_tokens], flattened
  std::int64_t components;  // 1, 3 or 4
  std::int64_t rows;
  std::int64_t row_tokens;
};

struct PackedBoundaries {
  // [rows * row_tokens + 1]: where each segment begins, then the end, repeated to fill the table.
  Integers cu_seqlens;
  std::int64_t num_segments = 0;
  std::int64_t max_seqlen = 0;    // of segments of tokens, not of pads
  std::int64_t valid_tokens = 0;  // pads not counted
};

enum class PadRuns { own_no_segment, own_a_segment };

// `supplied` boundaries, when given, are the answer; position_ids then only tell tokens from pads
// up to its end, and all beyond is pads. The input must be one that is not refused.
PackedBoundaries cu_seqlens_from_position_ids(const PositionIdRows& rows, PadRuns pad_runs,
                                              const std::optional<Integers>& supplied);

}  // namespace packproof::reference
