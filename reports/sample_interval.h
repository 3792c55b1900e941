// The centre of a sample and how well it is known.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace packproof::reports {

struct SampleCentre {
  double median = 0;
  // The 95 % interval of the median by order statistics, without any assumption on how samples are
  // spread; none with fewer than six samples.
  std::optional<std::pair<double, double>> interval;
};

// `samples` must not be empty.
inline SampleCentre centre_of(std::vector<double> samples) {
  std::sort(samples.begin(), samples.end());
  const std::size_t n = samples.size();
  SampleCentre centre{.median = (samples[(n - 1) / 2] + samples[n / 2]) / 2};
  // The largest k for which fewer than k of n samples fall on one side with at most 2.5 %.
  const auto count = static_cast<double>(n);
  double log_chance = -count * std::log(2.0);  // of exactly i samples below the median
  double below = 0;
  std::size_t k = 0;
  for (std::size_t i = 0; i < n; ++i) {
    below += std::exp(log_chance);
    if (below > 0.025) break;
    k = i + 1;
    log_chance += std::log((count - static_cast<double>(i)) / static_cast<double>(i + 1));
  }
  if (k > 0) centre.interval = {samples[k - 1], samples[n - k]};
  return centre;
}

}  // namespace packproof::reports
