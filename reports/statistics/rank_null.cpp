#include "reports/statistics/rank_null.h"

#include <cmath>
#include <cstddef>
#include <numeric>

namespace packproof::reports {

double normal_below(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

RankNull::RankNull(std::int64_t most, double variance, const std::vector<double>& probabilities)
    : most_(most), variance_(variance), cumulative_(probabilities.size()) {
  std::partial_sum(probabilities.begin(), probabilities.end(), cumulative_.begin());
}

double RankNull::at_most(std::int64_t s) const {
  if (s < 0) return 0;
  if (s >= most_) return 1;
  if (!cumulative_.empty()) return cumulative_[static_cast<std::size_t>(s)];
  const double centred = static_cast<double>(s) + 0.5 - static_cast<double>(most_) / 2;
  return normal_below(centred / std::sqrt(variance_));
}

std::int64_t RankNull::quantile(double probability) const {
  std::int64_t low = -1, high = most_;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (at_most(middle) <= probability)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

}  // namespace packproof::reports
