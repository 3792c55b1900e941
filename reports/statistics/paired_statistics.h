// The statistics of samples that were taken in pairs: whatever slows the machine for longer than a
// pair takes is in both and cancels. As in statistics.h nothing is assumed of how samples spread,
// but that within a pair each side is as likely to be late.
#pragma once

#include <cstdint>
#include <span>

#include "reports/statistics/rank_null.h"
#include "reports/statistics/statistics.h"

namespace packproof::reports {

// The distribution of Wilcoxon's W, the sum of the ranks of positive differences among `pairs` by
// size, when each is as likely to be negative. Exact for at most 100 pairs, by counting subsets of
// ranks; beyond that normal with continuity correction. Lehmann, "Nonparametrics" (1975), 3.2.
class SignedRankNull : public RankNull {
 public:
  static constexpr std::int64_t kMostExact = 100;

  // At least 1.
  explicit SignedRankNull(std::int64_t pairs);
};

// Whether one side is the larger more often than chance would have it, two-sided: the sign test, by
// the binomial distribution. Equal pairs are left out; 1 if all are. A machine that changes its
// pace within one pair of ten costs it little, where it would outweigh the rest in a test of ranks.
// As many of each. Conover, "Practical Nonparametric Statistics", 3rd ed. (1999), section 3.4.
double sign_test(std::span<const double> first, std::span<const double> second);

// By what factor `second` is larger than `first` of the same pair: Hodges and Lehmann's estimate of
// the middle of log(second / first), the median of the means of any two of them, with the interval
// that belongs to the signed-rank test. As many of each, at least one, finite and greater than 0.
// Lehmann (1975), sections 4.3 and 4.4. Time O(n log n) in pairs.
Ratio paired_ratio(std::span<const double> first, std::span<const double> second,
                   double confidence);

}  // namespace packproof::reports
