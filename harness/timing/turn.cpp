#include "harness/timing/turn.h"

#include <algorithm>
#include <cstddef>

namespace packproof::harness {

Round typical_round(std::vector<Round> rounds) {
  const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::ranges::nth_element(rounds, middle, {},
                           [](const Round& round) { return round.their_us / round.our_us; });
  return *middle;
}

}  // namespace packproof::harness
