// The statistics of timings: robust against outliers, without random numbers, and without assuming
// a distribution. All functions take samples in any order and leave them as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "reports/statistics/rank_null.h"

namespace packproof::reports {

// Both ends belong to it.
struct Interval {
  double low = 0, high = 0;
};

// The middle sample, or the mean of the two in the middle. Needs at least one; no NaN.
double median(std::span<const double> samples);

// An interval of the population's median that two order statistics span: it covers with at least
// `confidence` whatever the distribution, since the number of samples below the median is binomial.
// Nothing if even the whole range covers with less (at 95 %: fewer than 6 samples).
// Conover, "Practical Nonparametric Statistics", 3rd ed. (1999), section 3.2.
std::optional<Interval> median_interval(std::span<const double> samples, double confidence);

// The distribution of Mann and Whitney's U for samples of these sizes when nothing differs and no
// values are equal. Exact for at most 50 a side, by the recurrence of Mann and Whitney, "On a test
// of whether one of two random variables is stochastically larger than the other" (Annals of
// Mathematical Statistics 18, 1947); beyond that normal with continuity correction.
class MannWhitneyNull : public RankNull {
 public:
  static constexpr std::int64_t kMostExact = 50;

  // Sizes of at least 1.
  MannWhitneyNull(std::int64_t first_size, std::int64_t second_size);
};

struct MannWhitney {
  double u = 0;  // pairs with second > first, an equal pair counting one half
  double p = 1;  // two-sided
};

// Whether samples of one side tend to be larger than those of the other. Exact without equal
// values and with at most 50 samples a side; otherwise normal with corrections for ties and
// continuity: Lehmann, "Nonparametrics" (1975), sections 1.2, 1.4. Needs a sample on each side.
MannWhitney mann_whitney(std::span<const double> first, std::span<const double> second);

struct Ratio {
  double estimate = 1;
  std::optional<Interval> interval;  // nothing where the samples are too few for the confidence
};

// By what factor `second` is larger than `first`: the Hodges-Lehmann estimate of the shift between
// logarithms, the median of all second / first, with the interval that belongs to the Mann-Whitney
// test: it holds exactly the factors that the test at 1 - confidence does not reject (but for its
// tie correction). Of distributions of one shape this is the ratio of medians, with a third less
// variance where the noise is lognormal. Hodges and Lehmann, "Estimates of location based on rank
// tests" (Annals of Mathematical Statistics 34, 1963); Lehmann (1975), section 2.6. Time O(n log n)
// in samples. Samples must be finite and greater than 0, at least one on each side.
Ratio ratio(std::span<const double> first, std::span<const double> second, double confidence);

// p-values corrected for their number: rejecting those below alpha gives at least one false
// rejection with probability alpha at most. In the order given. Holm, "A simple sequentially
// rejective multiple test procedure" (Scandinavian Journal of Statistics 6, 1979).
std::vector<double> holm(std::span<const double> p_values);

}  // namespace packproof::reports
