#include "harness/verdict/special_spread.h"

#include <cmath>

#include "harness/inputs/special_rows.h"

namespace packproof::verdict {

bool SpecialSpread::reaches(std::int64_t e) const {
  if (!spreads_) return false;
  const std::int64_t segment = layout_.segment_of_row(layout_.row_of(e));
  return segment < 0 || inputs::segment_holds_specials(segment);
}

bool SpecialSpread::allows(std::int64_t e) const {
  const JudgedPair& pair = evidence_.candidate;
  return std::isfinite(pair.want->value[static_cast<std::size_t>(e)]) ||
         !std::isfinite(load(pair.got, e));
}

}  // namespace packproof::verdict
