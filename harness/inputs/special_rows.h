// Where Fill::specials strews NaN and infinities.
#pragma once

#include <cstdint>
#include <vector>

#include "cases/core/case.h"
#include "cases/core/tensor.h"

namespace packproof::inputs {

// Anywhere, but for recurrences. Those carry a special on to all later tokens of its segment, so
// that soon nothing would be left to judge: with them only segments 0, 2, 4, ... hold specials, and
// what belongs to no segment (weights) holds none. The others show what must not come through.
constexpr bool segment_holds_specials(std::int64_t segment) { return segment % 2 == 0; }

class SpecialRows {
 public:
  SpecialRows(const Case& the_case, const Signature& signature, const InputSpec& spec);

  bool may_hold(std::int64_t element) const {
    return rows_.empty() ||
           rows_[static_cast<std::size_t>(element / row_size_ % std::ssize(rows_))] != 0;
  }

 private:
  std::vector<std::uint8_t> rows_;  // not 0 where a row of the axis may; empty: anywhere
  std::int64_t row_size_ = 1;       // elements of such a row, for one place on the axes before
};

}  // namespace packproof::inputs
