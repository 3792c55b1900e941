// How a statistic of ranks is distributed when nothing differs.
#pragma once

#include <cstdint>
#include <vector>

namespace packproof::reports {

// P(Z <= z) of a standard normal Z.
double normal_below(double z);

// Of an integer S from 0 to `most` whose distribution is symmetric.
class RankNull {
 public:
  // `probabilities`: P(S = s) of every s; empty where S is taken for normal with this variance,
  // with continuity correction.
  RankNull(std::int64_t most, double variance, const std::vector<double>& probabilities);

  // P(S <= s)
  double at_most(std::int64_t s) const;

  // The largest s with P(S <= s) <= probability; -1 if there is none.
  std::int64_t quantile(double probability) const;

 private:
  std::int64_t most_;
  double variance_;
  std::vector<double> cumulative_;  // empty: normal
};

}  // namespace packproof::reports
