#include "reports/statistics/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "reports/testing/sample_statistics.h"

// Reference values come from the named books and tables, or from SciPy 1.17.1 where it says so.
namespace packproof::reports {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

// Permeability of membranes at 12 to 26 weeks and at term: Hollander and Wolfe, "Nonparametric
// Statistical Methods" (1973), example 4.1; the example of R's wilcox.test.
const Samples kAtTerm = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
const Samples kEarly = {1.15, 0.88, 0.90, 0.74, 1.21};

// Distinct, for values beyond what a table has.
Samples scattered(int count, double start, int step, int modulus, double offset) {
  Samples samples;
  samples.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    samples.push_back(start + (i * step) % modulus + i / 1000.0 + offset);
  return samples;
}
Samples old_scattered(int count) { return scattered(count, 100, 37, 101, 0); }
Samples new_scattered(int count, double start) { return scattered(count, start, 53, 97, 0.0005); }

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoInTheMiddle) {
  EXPECT_EQ(median(Samples{7}), 7);
  EXPECT_EQ(median(Samples{9, 1, 4}), 4);
  EXPECT_EQ(median(Samples{9, 1, 4, 5}), 4.5);
}

// Ranks of the lower end: table of the sign test, e.g. Conover, table A3.
TEST(MedianInterval, SpansTheTabulatedRanks) {
  const auto lower_rank = [](int n, double confidence) -> double {
    Samples ranks;
    ranks.reserve(static_cast<std::size_t>(n));
    for (int i = n; i >= 1; --i) ranks.push_back(i);
    const auto interval = median_interval(ranks, confidence);
    if (!interval) return 0;
    EXPECT_EQ(interval->low + interval->high, n + 1);
    return interval->low;
  };
  EXPECT_EQ(lower_rank(5, 0.95), 0);
  EXPECT_EQ(lower_rank(6, 0.95), 1);
  EXPECT_EQ(lower_rank(8, 0.99), 1);
  EXPECT_EQ(lower_rank(10, 0.95), 2);
  EXPECT_EQ(lower_rank(15, 0.95), 4);
  EXPECT_EQ(lower_rank(20, 0.95), 6);
  EXPECT_EQ(lower_rank(20, 0.99), 4);
  EXPECT_EQ(lower_rank(30, 0.95), 10);
  EXPECT_EQ(lower_rank(30, 0.99), 8);
  EXPECT_EQ(lower_rank(50, 0.95), 18);
}

// Critical values of U, two-sided: the tables of Mann and Whitney (1947) and their successors.
TEST(MannWhitneyNull, HasTheTabulatedCriticalValues) {
  const auto critical = [](std::int64_t m, std::int64_t n, double alpha) {
    EXPECT_EQ(MannWhitneyNull(m, n).quantile(alpha / 2), MannWhitneyNull(n, m).quantile(alpha / 2));
    return MannWhitneyNull(m, n).quantile(alpha / 2);
  };
  EXPECT_EQ(critical(3, 3, 0.05), -1);
  EXPECT_EQ(critical(4, 4, 0.05), 0);
  EXPECT_EQ(critical(5, 5, 0.05), 2);
  EXPECT_EQ(critical(8, 12, 0.05), 22);
  EXPECT_EQ(critical(10, 10, 0.05), 23);
  EXPECT_EQ(critical(20, 20, 0.05), 127);
  EXPECT_EQ(critical(20, 20, 0.01), 105);
}

TEST(MannWhitneyNull, IsExactForSmallSamples) {
  EXPECT_NEAR(MannWhitneyNull(5, 5).at_most(0), 1.0 / 252, 1e-15);
  EXPECT_NEAR(MannWhitneyNull(5, 5).at_most(2), 4.0 / 252, 1e-15);
  EXPECT_NEAR(MannWhitneyNull(7, 4).at_most(5), 18.0 / 330, 1e-15);
  EXPECT_NEAR(MannWhitneyNull(30, 30).at_most(270), 0.0036506051106701674, 1e-15);  // counted
  EXPECT_EQ(MannWhitneyNull(5, 5).at_most(-1), 0);
  EXPECT_EQ(MannWhitneyNull(5, 5).at_most(25), 1);
}

TEST(MannWhitneyNull, GoesOnWhereTheNormalTakesOver) {
  constexpr std::int64_t kMost = MannWhitneyNull::kMostExact;
  for (const std::int64_t n : {kMost, kMost + 1}) {
    const auto size = static_cast<double>(n);
    const auto u = static_cast<double>(MannWhitneyNull(n, n).quantile(0.005));
    const double z = (u + 0.5 - size * size / 2) / std::sqrt(size * size * (2 * size + 1) / 12);
    EXPECT_NEAR(z, -2.576, 0.03) << n;
  }
}

TEST(MannWhitney, AgreesWithThePublishedExample) {
  const MannWhitney result = mann_whitney(kEarly, kAtTerm);
  EXPECT_EQ(result.u, 35);
  EXPECT_NEAR(result.p, 2 * 0.1272061272061272, 1e-14);  // R and the book: 0.1272 one-sided
}

TEST(MannWhitney, AgreesWithSciPy) {
  // mannwhitneyu(second, first, method="exact"), then "asymptotic" with use_continuity
  const MannWhitney exact = mann_whitney(old_scattered(30), new_scattered(30, 120));
  EXPECT_EQ(exact.u, 584);
  EXPECT_NEAR(exact.p, 0.047889824087595345, 1e-14);
  const MannWhitney normal = mann_whitney(old_scattered(60), new_scattered(55, 110));
  EXPECT_EQ(normal.u, 1872);
  EXPECT_NEAR(normal.p, 0.21491551311684165, 1e-13);
  const MannWhitney tied =
      mann_whitney(Samples{1, 2, 2, 3, 4, 4, 5, 6}, Samples{3, 4, 5, 5, 6, 7, 7, 8, 9});
  EXPECT_EQ(tied.u, 61);
  EXPECT_NEAR(tied.p, 0.01754696188101204, 1e-15);
}

TEST(MannWhitney, SaysNothingOfEqualSamples) {
  EXPECT_EQ(mann_whitney(Samples{3, 3, 3}, Samples{3, 3, 3, 3}).p, 1);
  EXPECT_EQ(mann_whitney(old_scattered(30), old_scattered(30)).p, 1);
}

TEST(Ratio, AgreesWithThePublishedExample) {
  // The book's shift of 0.305, and R's interval (-0.15, 0.76), of logarithms here.
  const Ratio result = ratio(exponentials(kEarly), exponentials(kAtTerm), 0.95);
  EXPECT_NEAR(std::log(result.estimate), 0.305, 1e-12);
  ASSERT_TRUE(result.interval);
  EXPECT_NEAR(std::log(result.interval->low), -0.15, 1e-12);
  EXPECT_NEAR(std::log(result.interval->high), 0.76, 1e-12);
}

TEST(Ratio, AgreesWithAllPairsSortedByNumPy) {
  const Ratio result = ratio(old_scattered(60), new_scattered(55, 110), 0.99);
  EXPECT_NEAR(result.estimate, 1.046934491531817, 1e-13);
  ASSERT_TRUE(result.interval);
  EXPECT_NEAR(result.interval->low, 0.9486884520978993, 1e-13);
  EXPECT_NEAR(result.interval->high, 1.1571255218550376, 1e-13);
}

TEST(Ratio, IsInvertedWhenTheSidesAreSwapped) {
  const Ratio there = ratio(old_scattered(30), new_scattered(29, 110), 0.99);
  const Ratio back = ratio(new_scattered(29, 110), old_scattered(30), 0.99);
  EXPECT_NEAR(there.estimate * back.estimate, 1, 1e-14);
  EXPECT_NEAR(there.interval->low * back.interval->high, 1, 1e-14);
  EXPECT_NEAR(there.interval->high * back.interval->low, 1, 1e-14);
}

TEST(Ratio, FindsAFactorInManySamples) {
  Samples first = old_scattered(20000), second = first;
  for (double& sample : second) sample *= 1.25;
  EXPECT_NEAR(ratio(first, second, 0.99).estimate, 1.25, 1e-12);
  EXPECT_EQ(ratio(first, first, 0.99).estimate, 1);
}

TEST(Ratio, HasNoIntervalForTooFewSamples) {
  EXPECT_FALSE(ratio(Samples{1, 2, 3, 4}, Samples{1, 2, 3, 4}, 0.99).interval);
  const auto interval = ratio(Samples{1, 2, 3, 4, 5}, Samples{1, 2, 3, 4, 5}, 0.99).interval;
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 0.2, 1e-15);
  EXPECT_NEAR(interval->high, 5, 1e-14);
}

// As R's p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm").
TEST(Holm, AgreesWithR) {
  EXPECT_THAT(holm(Samples{0.05, 0.01, 0.04, 0.02, 0.03}),
              ElementsAre(DoubleNear(0.09, 1e-15), DoubleNear(0.05, 1e-15), DoubleNear(0.09, 1e-15),
                          DoubleNear(0.08, 1e-15), DoubleNear(0.09, 1e-15)));
  EXPECT_THAT(holm(Samples{0.7, 0.6}), ElementsAre(1, 1));
  EXPECT_TRUE(holm({}).empty());
}

}  // namespace
}  // namespace packproof::reports
