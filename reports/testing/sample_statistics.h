// What the tests of statistics share.
#pragma once

#include <cmath>
#include <vector>

namespace packproof::reports {

using Samples = std::vector<double>;

// Samples whose logarithms these are.
inline Samples exponentials(Samples samples) {
  for (double& sample : samples) sample = std::exp(sample);
  return samples;
}

}  // namespace packproof::reports
