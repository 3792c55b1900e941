// The padded layout [batch, length] that a case's lengths stand for: which places hold tokens.
#pragma once

#include <cstdint>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/core/tensor.h"

namespace packproof {

struct PaddedLayout {
  std::int64_t batch = 0;            // one row a segment
  std::int64_t length = 0;           // places a row: the longest segment and `margin` more
  std::vector<std::int64_t> mask;    // [batch * length]: 1 where a place holds a token, else 0
  std::vector<std::uint8_t> is_pad;  // [batch * length]: the opposite, as InputSpec wants it

  Dims rows() const { return {{Axis::batch, batch}, {Axis::position, length}}; }
};

// The fields `padding` and `margin`, which padded_layout() reads.
std::vector<FieldSpec> padded_layout_fields();

// Throws CaseError where batch * length is too much to hold. The places of middle padding depend on
// the case's seed. A broken raw_cu_seqlens gives the layout that its rising steps would have.
PaddedLayout padded_layout(const Case& c);

// [capacity]: not 0 for the rows of the packed layout that hold no token.
std::vector<std::uint8_t> packed_slack(const Case& c);

// Ids for rows of `features` int64: below 2^40, so that a 32-bit move shows. A row that is flagged
// in `slack_rows` holds 0 or, for every fill but zero, the lowest int64.
std::vector<std::int64_t> generated_ids(const Case& c, const std::vector<std::uint8_t>& slack_rows,
                                        std::int64_t features);

}  // namespace packproof
