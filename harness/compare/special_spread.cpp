#include "harness/compare/special_spread.h"

#include <cmath>

namespace packproof::compare {

SpecialSpread::SpecialSpread(const OutputEvidence& evidence, const OutputLayout& layout)
    : evidence_(evidence), layout_(layout) {
  if (!evidence.specials_spread || evidence.the_case->fill != Fill::specials) return;
  spoiled_.resize(static_cast<std::size_t>(layout.segment_count()) + 1, 0);
  const std::vector<double>& want = evidence.candidate.want->value;
  for (std::int64_t e = 0; e < layout.element_total(); ++e)
    if (!std::isfinite(want[static_cast<std::size_t>(e)])) spoiled_[part_of(e)] = 1;
}

bool SpecialSpread::allows(std::int64_t e) const {
  return !spoiled_.empty() && !std::isfinite(load(evidence_.candidate.got, e)) &&
         spoiled_[part_of(e)] != 0;
}

std::size_t SpecialSpread::part_of(std::int64_t e) const {
  const std::int64_t segment = layout_.segment_of_row(layout_.row_of(e));
  return static_cast<std::size_t>(segment >= 0 ? segment : layout_.segment_count());
}

}  // namespace packproof::compare
