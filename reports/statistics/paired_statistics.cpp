#include "reports/statistics/paired_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "reports/statistics/fair_coin.h"
#include "reports/statistics/rank_search.h"

namespace packproof::reports {
namespace {

// P(W = w) of all w: rank by rank, it is in the sum or not.
std::vector<double> exact_probabilities(std::int64_t pairs) {
  std::vector<double> probability = {1.0};
  for (std::int64_t rank = 1; rank <= pairs; ++rank) {
    const auto shift = static_cast<std::size_t>(rank);
    std::vector<double> with(probability.size() + shift, 0.0);
    for (std::size_t w = 0; w < probability.size(); ++w) {
      with[w] += probability[w] / 2;
      with[w + shift] += probability[w] / 2;
    }
    probability = std::move(with);
  }
  return probability;
}

double variance_of_w(std::int64_t pairs) {
  const auto n = static_cast<double>(pairs);
  return n * (n + 1) * (2 * n + 1) / 24;
}

std::vector<double> log_ratios(std::span<const double> first, std::span<const double> second) {
  std::vector<double> ratios(first.size());
  std::ranges::transform(first, second, ratios.begin(),
                         [](double one, double other) { return std::log(other / one); });
  return ratios;
}

// Sums of any two differences, one with itself included, without listing them.
class PairwiseSums {
 public:
  explicit PairwiseSums(std::vector<double> differences) : sorted_(std::move(differences)) {
    std::ranges::sort(sorted_);
  }

  // The k-th smallest, from 1.
  double smallest(std::int64_t k) const {
    return kth_smallest(k, sorted_.front() + sorted_.front(), sorted_.back() + sorted_.back(),
                        [this](double limit) { return at_most(limit); });
  }

 private:
  std::int64_t at_most(double limit) const {
    std::int64_t count = 0;
    std::size_t end = sorted_.size();  // of the partners that do not exceed the limit
    for (std::size_t i = 0; i < sorted_.size(); ++i) {
      while (end > i && sorted_[i] + sorted_[end - 1] > limit) --end;
      if (end <= i) break;
      count += static_cast<std::int64_t>(end - i);
    }
    return count;
  }

  std::vector<double> sorted_;
};

}  // namespace

SignedRankNull::SignedRankNull(std::int64_t pairs)
    : RankNull(pairs * (pairs + 1) / 2, variance_of_w(pairs),
               pairs > kMostExact ? std::vector<double>{} : exact_probabilities(pairs)) {}

double sign_test(std::span<const double> first, std::span<const double> second) {
  std::int64_t larger = 0, smaller = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    larger += second[i] > first[i];
    smaller += second[i] < first[i];
  }
  double p = 0;  // of at most the rarer sign's number
  for (std::int64_t k = 0; k <= std::min(larger, smaller); ++k) p += fair_coin(larger + smaller, k);
  return std::min(1.0, 2 * p);
}

Ratio paired_ratio(std::span<const double> first, std::span<const double> second,
                   double confidence) {
  const PairwiseSums sums(log_ratios(first, second));
  const auto pairs = static_cast<std::int64_t>(first.size());
  const std::int64_t count = pairs * (pairs + 1) / 2;
  // A sum is twice a mean.
  const auto factor = [&](std::int64_t k) { return std::exp(sums.smallest(k) / 2); };
  Ratio result;
  result.estimate = std::sqrt(factor((count + 1) / 2) * factor(count / 2 + 1));
  const std::int64_t outside = SignedRankNull(pairs).quantile((1 - confidence) / 2) + 1;
  if (outside > 0) result.interval = Interval{factor(outside), factor(count + 1 - outside)};
  return result;
}

}  // namespace packproof::reports
