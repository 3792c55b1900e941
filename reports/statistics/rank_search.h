// The k-th smallest of values that are never listed, because there may be billions of them.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <numeric>

namespace packproof::reports {

// Integers in the order of the doubles, so that halving between two of them ends.
inline std::int64_t ordinal(double value) {
  const auto bits = std::bit_cast<std::int64_t>(value);
  return bits >= 0 ? bits : std::numeric_limits<std::int64_t>::min() - bits;
}

inline double from_ordinal(std::int64_t ordinal) {
  return std::bit_cast<double>(ordinal >= 0 ? ordinal
                                            : std::numeric_limits<std::int64_t>::min() - ordinal);
}

// The k-th smallest, from 1, of values from `least` to `most` of which `at_most(limit)` counts
// those that are not above the limit.
template <class CountAtMost>
double kth_smallest(std::int64_t k, double least, double most, const CountAtMost& at_most) {
  std::int64_t low = ordinal(least), high = ordinal(most);
  while (low < high) {
    const std::int64_t middle = std::midpoint(low, high);  // rounds towards low
    if (at_most(from_ordinal(middle)) >= k)
      high = middle;
    else
      low = middle + 1;
  }
  return from_ordinal(low);
}

}  // namespace packproof::reports
