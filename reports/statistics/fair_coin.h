// How often a fair coin falls how.
#pragma once

#include <cmath>
#include <cstdint>

namespace packproof::reports {

// The probability of exactly `heads` of `tosses`.
inline double fair_coin(std::int64_t tosses, std::int64_t heads) {
  const auto n = static_cast<double>(tosses), k = static_cast<double>(heads);
  return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) -
                  n * std::log(2.0));
}

}  // namespace packproof::reports
