#include "reports/statistics/paired_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "reports/testing/sample_statistics.h"

// Reference values come from the named books and tables, or are counted here by brute force.
namespace packproof::reports {
namespace {

// Depression scores before and after a tranquilizer: Hollander and Wolfe, "Nonparametric
// Statistical Methods" (1973), example 3.1; the paired example of R's wilcox.test.
const Samples kBefore = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
const Samples kAfter = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};

// Distinct and of both signs.
Samples scattered(int count, double shift) {
  Samples samples;
  samples.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) samples.push_back((i * 37) % 101 - 50 + shift + i / 1000.0);
  return samples;
}

// Critical values of W, two-sided: Wilcoxon and Wilcox, "Some rapid approximate statistical
// procedures" (1964), as in Conover, table A12.
TEST(SignedRankNull, HasTheTabulatedCriticalValues) {
  const auto critical = [](std::int64_t pairs, double alpha) {
    return SignedRankNull(pairs).quantile(alpha / 2);
  };
  EXPECT_EQ(critical(5, 0.05), -1);
  EXPECT_EQ(critical(6, 0.05), 0);
  EXPECT_EQ(critical(7, 0.01), -1);
  EXPECT_EQ(critical(8, 0.01), 0);
  EXPECT_EQ(critical(10, 0.05), 8);
  EXPECT_EQ(critical(15, 0.05), 25);
  EXPECT_EQ(critical(20, 0.01), 37);
  EXPECT_EQ(critical(25, 0.05), 89);
  EXPECT_EQ(critical(30, 0.05), 137);
  EXPECT_EQ(critical(30, 0.01), 109);
}

TEST(SignedRankNull, CountsSignsOfFewPairs) {
  EXPECT_NEAR(SignedRankNull(4).at_most(0), 1.0 / 16, 1e-15);
  EXPECT_NEAR(SignedRankNull(4).at_most(3), 5.0 / 16, 1e-15);  // {}, 1, 2, 3, 1 + 2
  EXPECT_NEAR(SignedRankNull(30).at_most(0), std::pow(2.0, -30), 1e-18);
  EXPECT_EQ(SignedRankNull(4).at_most(-1), 0);
  EXPECT_EQ(SignedRankNull(4).at_most(10), 1);
}

TEST(SignedRankNull, GoesOnWhereTheNormalTakesOver) {
  constexpr std::int64_t kMost = SignedRankNull::kMostExact;
  for (const std::int64_t n : {kMost, kMost + 1}) {
    const auto size = static_cast<double>(n);
    const auto w = static_cast<double>(SignedRankNull(n).quantile(0.005));
    const double z =
        (w + 0.5 - size * (size + 1) / 4) / std::sqrt(size * (size + 1) * (2 * size + 1) / 24);
    EXPECT_NEAR(z, -2.576, 0.03) << n;
  }
}

// P(at most k of n) of a fair coin: the table of the binomial distribution.
TEST(SignTest, CountsSigns) {
  const Samples ones(10, 1.0);
  const auto p = [&](Samples second) { return sign_test(ones, second); };
  EXPECT_NEAR(p({2, 2, 2, 2, 2, 2, 2, 2, 2, 2}), 2 / 1024.0, 1e-15);
  EXPECT_NEAR(p({.5, .9, .5, .5, .5, .5, .5, .5, .5, 7}), 2 * 11 / 1024.0, 1e-14);
  EXPECT_NEAR(p({2, 2, 2, 2, 2, 2, 2, 2, .5, .5}), 2 * 56 / 1024.0, 1e-14);
  EXPECT_NEAR(p({2, 2, 1, 2, 2, 2, 1, 2, 2, 2}), 2 / 256.0, 1e-15);  // two are equal
  EXPECT_EQ(p({2, 2, 2, 2, 2, .5, .5, .5, .5, .5}), 1);
  EXPECT_EQ(p(ones), 1);
  EXPECT_EQ(sign_test({}, {}), 1);
}

TEST(PairedRatio, AgreesWithThePublishedExample) {
  // The book's estimate of 0.46, and R's 95 % interval (0.01, 0.786), of logarithms here.
  const Ratio result = paired_ratio(exponentials(kAfter), exponentials(kBefore), 0.95);
  EXPECT_NEAR(std::log(result.estimate), 0.46, 1e-12);
  ASSERT_TRUE(result.interval);
  EXPECT_NEAR(std::log(result.interval->low), 0.01, 1e-12);
  EXPECT_NEAR(std::log(result.interval->high), 0.786, 1e-12);
}

TEST(PairedRatio, AgreesWithAllMeansListed) {
  for (const int count : {1, 2, 7, 30, 61}) {
    const Samples shifts = scattered(count, 7);
    Samples means;
    for (int i = 0; i < count; ++i)
      for (int k = i; k < count; ++k)
        means.push_back(
            (shifts[static_cast<std::size_t>(i)] + shifts[static_cast<std::size_t>(k)]) / 200);
    Samples scaled = shifts;
    for (double& shift : scaled) shift /= 100;
    const Ratio result = paired_ratio(Samples(scaled.size(), 1.0), exponentials(scaled), 0.95);
    EXPECT_NEAR(std::log(result.estimate), median(means), 1e-12) << count;
    std::ranges::sort(means);
    const std::int64_t outside = SignedRankNull(count).quantile(0.025) + 1;
    ASSERT_EQ(result.interval.has_value(), outside > 0) << count;
    if (outside == 0) continue;
    EXPECT_NEAR(std::log(result.interval->low), means[static_cast<std::size_t>(outside - 1)],
                1e-12);
    EXPECT_NEAR(std::log(result.interval->high),
                means[means.size() - static_cast<std::size_t>(outside)], 1e-12);
  }
}

TEST(PairedRatio, IsInvertedWhenTheSidesAreSwapped) {
  const Samples first = exponentials(scattered(29, 3)), second = exponentials(scattered(29, 1));
  const Ratio there = paired_ratio(first, second, 0.99), back = paired_ratio(second, first, 0.99);
  EXPECT_NEAR(there.estimate * back.estimate, 1, 1e-14);
  EXPECT_NEAR(there.interval->low * back.interval->high, 1, 1e-14);
}

// A machine that has two paces, each for many pairs.
TEST(PairedRatio, DoesNotSeeWhatBothSidesSuffer) {
  Samples first, second;
  for (int i = 0; i < 30; ++i) {
    const double pace = (i / 6) % 2 == 0 ? 77 : 105;
    first.push_back(pace * (1 + 0.001 * (i % 5)));
    second.push_back(1.1 * pace * (1 + 0.001 * (i % 7)));
  }
  const Ratio in_pairs = paired_ratio(first, second, 0.95);
  EXPECT_NEAR(in_pairs.estimate, 1.1, 0.002);
  EXPECT_LT(in_pairs.interval->high - in_pairs.interval->low, 0.005);
  EXPECT_LT(sign_test(first, second), 1e-8);
}

TEST(PairedRatio, FindsAFactorInManyPairs) {
  Samples first;
  for (int i = 0; i < 20000; ++i) first.push_back(100 + (i * 37) % 101 + i / 1e5);
  Samples second = first;
  for (double& sample : second) sample *= 1.25;
  EXPECT_NEAR(paired_ratio(first, second, 0.99).estimate, 1.25, 1e-12);
  EXPECT_EQ(paired_ratio(first, first, 0.99).estimate, 1);
  EXPECT_EQ(sign_test(first, first), 1);
}

}  // namespace
}  // namespace packproof::reports
