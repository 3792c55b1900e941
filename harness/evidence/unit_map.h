// The units that an output is judged in, as sums over its cells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/evidence/output_layout.h"

namespace packproof::verdict {

// Sums over one unit: x is the output, r the reference, f = r rounded to the output's dtype, m the
// condition magnitude, h half the spacing of the dtype at r.
struct UnitSums {
  double error = 0;      // sum of (x - r)^2
  double reference = 0;  // sum of r^2
  double magnitude = 0;  // sum of m^2
  double floor = 0;      // sum of (f - r)^2
  double spacing2 = 0;   // sum of h^2
  double spacing4 = 0;   // sum of h^4
  std::int64_t elements = 0;
  std::int64_t cells = 0;  // that have any: tokens, or tokens x heads, where there are tokens

  void add(const UnitSums& other);
};

enum class UnitKind : std::uint8_t {
  segment,          // all of a segment
  segment_head,     // one head of it
  boundary_window,  // its first tokens (Signature::boundary_window), of one head where there are
                    // heads
  first_chunk,      // its first 64 tokens, likewise
  token,            // one token of one head
  state,            // one segment's entry, of one head, in an output with a segment axis
  tensor,           // all of an output without tokens and segments
  row,              // one index of its first axis
};

class UnitMap {
 public:
  // `window_tokens`: how many tokens of a segment look across its boundary; 0 for none.
  UnitMap(const OutputLayout& layout, std::int64_t window_tokens);

  const std::vector<UnitKind>& kinds() const { return kinds_; }
  std::int64_t unit_count(UnitKind kind) const;
  // -1: the cell is in no unit of this kind (slack rows are in none of any kind).
  std::int64_t unit_of_cell(UnitKind kind, std::int64_t cell) const;
  std::vector<UnitSums> sum_up(UnitKind kind, const std::vector<UnitSums>& cells) const;

  std::string_view name_of(UnitKind kind) const;                    // "segment x head"
  std::string where(UnitKind kind, std::int64_t unit) const;        // "segment 3, head 1"
  std::int64_t segment_of(UnitKind kind, std::int64_t unit) const;  // -1: none

 private:
  const OutputLayout& layout_;
  std::int64_t window_tokens_;
  std::vector<UnitKind> kinds_;
};

}  // namespace packproof::verdict
