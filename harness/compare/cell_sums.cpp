#include "harness/compare/cell_sums.h"

#include <algorithm>
#include <cmath>

namespace packproof::compare {

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

// A token may have been lucky in all plain runs: it is allowed what half of the tokens show, of
// those whose plain runs held no special of their own.
void raise_to_median(std::vector<PlainShares>& tokens) {
  std::vector<double> errors;
  for (const PlainShares& token : tokens)
    if (token.reference > 0 && std::isfinite(token.error)) errors.push_back(token.error);
  if (errors.empty()) return;
  const auto median = errors.begin() + std::ssize(errors) / 2;
  std::nth_element(errors.begin(), median, errors.end());
  for (PlainShares& token : tokens) token.error = std::max(token.error, *median);
}

}  // namespace

std::vector<std::vector<PlainShares>> plain_shares(const UnitMap& units, const OutputLayout& layout,
                                                   const std::vector<JudgedPair>& plain) {
  const std::vector<UnitKind>& kinds = units.kinds();
  std::vector<std::vector<PlainShares>> shares;
  shares.reserve(kinds.size());
  for (UnitKind kind : kinds) shares.emplace_back(units.unit_count(kind));
  for (const JudgedPair& run : plain) {
    const std::vector<UnitSums> cells = plain_cells(run, layout);
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const std::vector<UnitSums> sums = units.sum_up(kinds[k], cells);
      for (std::size_t unit = 0; unit < sums.size(); ++unit) shares[k][unit].add(sums[unit]);
    }
  }
  for (std::size_t k = 0; k < kinds.size(); ++k)
    if (kinds[k] == UnitKind::token) raise_to_median(shares[k]);
  return shares;
}

}  // namespace packproof::compare
