#include "reports/statistics/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "reports/statistics/fair_coin.h"
#include "reports/statistics/rank_search.h"

namespace packproof::reports {
namespace {

std::int64_t size_of(std::span<const double> samples) {
  return static_cast<std::int64_t>(samples.size());
}

std::vector<double> sorted(std::span<const double> samples) {
  std::vector<double> copy(samples.begin(), samples.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

// P(U = u) of all u. Where the largest value belongs to the first sample, which has probability
// first / (first + second), it is above all of the second; otherwise it changes nothing.
std::vector<double> exact_probabilities(std::int64_t first_size, std::int64_t second_size) {
  const auto columns = static_cast<std::size_t>(second_size) + 1;
  std::vector<std::vector<double>> row(columns, {1.0});  // of first size 0
  for (std::int64_t first = 1; first <= first_size; ++first) {
    row[0] = {1.0};
    for (std::size_t second = 1; second < columns; ++second) {
      const std::vector<double>& without_first = row[second];
      const std::vector<double>& without_second = row[second - 1];
      const double share =
          static_cast<double>(first) / (static_cast<double>(first) + static_cast<double>(second));
      std::vector<double> here(static_cast<std::size_t>(first) * second + 1, 0.0);
      for (std::size_t u = 0; u < without_first.size(); ++u)
        here[u + second] += share * without_first[u];
      for (std::size_t u = 0; u < without_second.size(); ++u)
        here[u] += (1 - share) * without_second[u];
      row[second] = std::move(here);
    }
  }
  return std::move(row.back());
}

double variance_of_u(std::int64_t first_size, std::int64_t second_size) {
  const auto m = static_cast<double>(first_size), n = static_cast<double>(second_size);
  return m * n * (m + n + 1) / 12;
}

// Sum of t^3 - t over groups of t equal values.
double tie_term(const std::vector<double>& pooled) {
  double term = 0;
  for (auto begin = pooled.begin(); begin != pooled.end();) {
    const auto end = std::upper_bound(begin, pooled.end(), *begin);
    const auto t = static_cast<double>(end - begin);
    term += t * t * t - t;
    begin = end;
  }
  return term;
}

// All differences second - first, without listing them: there may be billions.
class PairwiseDifferences {
 public:
  // Both sorted.
  PairwiseDifferences(std::vector<double> first, std::vector<double> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  // The k-th smallest, from 1.
  double smallest(std::int64_t k) const {
    return kth_smallest(k, second_.front() - first_.back(), second_.back() - first_.front(),
                        [this](double limit) { return at_most(limit); });
  }

 private:
  // How many are at most `limit`: the larger first is, the more of second.
  std::int64_t at_most(double limit) const {
    std::int64_t count = 0;
    std::size_t below = 0;
    for (const double one : first_) {
      while (below < second_.size() && second_[below] - one <= limit) ++below;
      count += static_cast<std::int64_t>(below);
    }
    return count;
  }

  std::vector<double> first_, second_;
};

std::vector<double> sorted_logarithms(std::span<const double> samples) {
  std::vector<double> logarithms = sorted(samples);
  for (double& value : logarithms) value = std::log(value);
  return logarithms;
}

}  // namespace

double median(std::span<const double> samples) {
  const std::vector<double> order = sorted(samples);
  const std::size_t half = order.size() / 2;
  return order.size() % 2 == 1 ? order[half] : std::midpoint(order[half - 1], order[half]);
}

std::optional<Interval> median_interval(std::span<const double> samples, double confidence) {
  const std::vector<double> order = sorted(samples);
  double below = 0;  // P(at most k of n samples lie below the median)
  std::optional<Interval> interval;
  for (std::size_t k = 0; k < order.size() - k; ++k) {
    below += fair_coin(std::ssize(order), static_cast<std::int64_t>(k));
    if (2 * below > 1 - confidence) break;
    interval = Interval{order[k], order[order.size() - 1 - k]};
  }
  return interval;
}

MannWhitneyNull::MannWhitneyNull(std::int64_t first_size, std::int64_t second_size)
    : RankNull(first_size * second_size, variance_of_u(first_size, second_size),
               std::max(first_size, second_size) > kMostExact
                   ? std::vector<double>{}
                   : exact_probabilities(first_size, second_size)) {}

MannWhitney mann_whitney(std::span<const double> first, std::span<const double> second) {
  const std::vector<double> order = sorted(first);
  MannWhitney result;
  for (const double value : second) {
    const auto [begin, end] = std::equal_range(order.begin(), order.end(), value);
    result.u += static_cast<double>(begin - order.begin()) + 0.5 * static_cast<double>(end - begin);
  }
  std::vector<double> pooled(first.begin(), first.end());
  pooled.insert(pooled.end(), second.begin(), second.end());
  const double ties = tie_term(sorted(pooled));
  const auto m = static_cast<double>(first.size()), n = static_cast<double>(second.size());
  const double smaller = std::min(result.u, m * n - result.u);
  if (ties == 0) {
    const MannWhitneyNull null(size_of(first), size_of(second));
    result.p = std::min(1.0, 2 * null.at_most(std::llround(smaller)));
    return result;
  }
  const double all = m + n;
  const double variance = m * n / 12 * (all + 1 - ties / (all * (all - 1)));
  if (variance > 0)  // 0: all values are equal
    result.p = std::min(1.0, 2 * normal_below((smaller + 0.5 - m * n / 2) / std::sqrt(variance)));
  return result;
}

Ratio ratio(std::span<const double> first, std::span<const double> second, double confidence) {
  const PairwiseDifferences differences(sorted_logarithms(first), sorted_logarithms(second));
  const std::int64_t pairs = size_of(first) * size_of(second);
  Ratio result;
  result.estimate = std::exp(
      std::midpoint(differences.smallest((pairs + 1) / 2), differences.smallest(pairs / 2 + 1)));
  const MannWhitneyNull null(size_of(first), size_of(second));
  const std::int64_t outside = null.quantile((1 - confidence) / 2) + 1;  // at each end
  if (outside > 0)
    result.interval = Interval{std::exp(differences.smallest(outside)),
                               std::exp(differences.smallest(pairs + 1 - outside))};
  return result;
}

std::vector<double> holm(std::span<const double> p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> corrected(p_values.size());
  double least = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto left = static_cast<double>(order.size() - rank);
    least = std::max(least, std::min(1.0, left * p_values[order[rank]]));
    corrected[order[rank]] = least;
  }
  return corrected;
}

}  // namespace packproof::reports
