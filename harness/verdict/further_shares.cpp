#include "harness/verdict/further_shares.h"

#include <algorithm>

#include "harness/evidence/limits.h"
#include "harness/verdict/cell_sums.h"

namespace packproof::verdict {

PlainShares FurtherShares::settle(std::size_t kind, std::size_t unit, const PlainShares& first) {
  if (sums_.empty()) measure();
  const PlainShares& sum = sums_[kind][unit];
  return {.error = (first.error + sum.error) / (1 + kFurtherGroups),
          .reference = (first.reference + sum.reference) / (1 + kFurtherGroups)};
}

PlainShares FurtherShares::largest(std::size_t kind, std::size_t unit, const PlainShares& first) {
  if (!evidence_.further) return first;
  if (sums_.empty()) measure();
  const PlainShares& most = largest_[kind][unit];
  return {.error = std::max(first.error, most.error),
          .reference = std::max(first.reference, most.reference)};
}

void FurtherShares::measure() {
  for (const UnitKind kind : units_.kinds()) sums_.emplace_back(units_.unit_count(kind));
  largest_ = sums_;
  std::size_t seed = 0;
  for (int group = 0; group < kFurtherGroups; ++group) {
    std::vector<JudgedPair> runs;
    runs.reserve(kPlainRuns);
    for (int run = 0; run < kPlainRuns; ++run) runs.push_back(evidence_.further(seed++));
    const auto shares = plain_shares(units_, layout_, runs);
    for (std::size_t k = 0; k < shares.size(); ++k)
      for (std::size_t unit = 0; unit < shares[k].size(); ++unit) {
        const PlainShares& group_share = shares[k][unit];
        PlainShares &sum = sums_[k][unit], &most = largest_[k][unit];
        sum.error += group_share.error;
        sum.reference += group_share.reference;
        most.error = std::max(most.error, group_share.error);
        most.reference = std::max(most.reference, group_share.reference);
      }
  }
}

}  // namespace packproof::verdict
