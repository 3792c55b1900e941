#include "harness/verdict/cell_sums.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace packproof::verdict {

std::vector<UnitSums> plain_cells(const JudgedPair& plain, const OutputLayout& layout) {
  std::vector<UnitSums> cells(static_cast<std::size_t>(layout.cell_count()));
  for (std::int64_t start = 0; start < layout.element_total(); start += layout.run_length()) {
    if (layout.is_slack_row(layout.row_of(start))) continue;
    UnitSums& sums = cells[static_cast<std::size_t>(layout.cell_of(start))];
    for (std::int64_t e = start; e < start + layout.run_length(); ++e) {
      const ElementView view = view_element(plain, e);
      if (!view.must_match_in_place())
        add_element(view, sums);
      else if (!view.matches_in_place())
        sums.error = INFINITY;
    }
  }
  return cells;
}

namespace {

// 0 of none.
double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// What half of the tokens show, of those whose plain runs held no special of their own.
double median_error(const std::vector<PlainShares>& tokens) {
  std::vector<double> errors;
  for (const PlainShares& token : tokens)
    if (token.reference > 0 && std::isfinite(token.error)) errors.push_back(token.error);
  return median(std::move(errors));
}

// A token, or another unit of few elements, may have been lucky in all plain runs: it is allowed
// what the median shows.
void raise_to_median(const UnitMap& units, const std::vector<UnitSums>& cells,
                     std::vector<std::vector<PlainShares>>& shares) {
  const double median = median_error(shares.back());  // the last kind is the finest
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const UnitKind kind = units.kinds()[k];
    const std::vector<UnitSums> sums = units.sum_up(kind, cells);
    for (std::size_t unit = 0; unit < sums.size(); ++unit)
      if (is_judged_as_token(kind, sums[unit]))
        shares[k][unit].error = std::max(shares[k][unit].error, median);
  }
}

}  // namespace

double median_relative_error(const OutputLayout& layout, const std::vector<JudgedPair>& plain) {
  std::vector<double> errors;
  for (const JudgedPair& run : plain)
    for (const UnitSums& token : plain_cells(run, layout))
      if (token.reference > 0 && std::isfinite(token.error))
        errors.push_back(std::sqrt(std::max(0.0, token.error - token.floor) / token.reference));
  return median(std::move(errors));
}

std::vector<std::vector<PlainShares>> plain_shares(const UnitMap& units, const OutputLayout& layout,
                                                   const std::vector<JudgedPair>& plain) {
  const std::vector<UnitKind>& kinds = units.kinds();
  std::vector<std::vector<PlainShares>> shares;
  shares.reserve(kinds.size());
  for (UnitKind kind : kinds) shares.emplace_back(units.unit_count(kind));
  std::vector<UnitSums> cells;
  for (const JudgedPair& run : plain) {
    cells = plain_cells(run, layout);
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const std::vector<UnitSums> sums = units.sum_up(kinds[k], cells);
      for (std::size_t unit = 0; unit < sums.size(); ++unit) shares[k][unit].add(sums[unit]);
    }
  }
  if (!plain.empty()) raise_to_median(units, cells, shares);
  return shares;
}

}  // namespace packproof::verdict
