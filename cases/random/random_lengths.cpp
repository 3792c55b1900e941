#include "cases/random/random_lengths.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "cases/lengths/length_families.h"

namespace packproof {
namespace {

using Lengths = std::vector<std::int64_t>;

// Causal windows, chunks, and the tiles and blocks of kernels.
constexpr std::array<std::int64_t, 8> kEdges = {4, 16, 32, 64, 128, 256, 512, 1024};
// Numbers of ranks, and of chunks of a ring.
constexpr std::array<std::int64_t, 5> kMultiples = {2, 4, 8, 16, 6};

template <std::size_t N>
std::int64_t one_of(const std::array<std::int64_t, N>& values, PhiloxSequence& random) {
  return values[random.below(static_cast<std::uint32_t>(N))];
}

std::int64_t below(std::int64_t bound, PhiloxSequence& random) {
  return random.below(static_cast<std::uint32_t>(std::max<std::int64_t>(bound, 1)));
}

bool one_in(std::uint32_t count, PhiloxSequence& random) { return random.below(count) == 0; }

std::int64_t sum(const Lengths& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

std::int64_t near_edge(std::int64_t most, PhiloxSequence& random) {
  std::int64_t edge = one_of(kEdges, random);
  while (edge > most && edge > kEdges.front()) edge /= 2;
  return edge * (1 + below(2, random)) - 1 + below(3, random);
}

// What draws give until they come to `tokens`, the last one cut.
template <class Draw>
Lengths until(std::int64_t tokens, Draw draw) {
  Lengths lengths;
  for (std::int64_t left = tokens; left > 0; left -= lengths.back())
    lengths.push_back(std::min(left, std::max<std::int64_t>(draw(), 1)));
  return lengths;
}

Lengths some_lengths(std::int64_t tokens, PhiloxSequence& random) {
  switch (random.below(8)) {
    case 0:
      return {tokens};
    case 1:
      return until(tokens, [&] { return near_edge(tokens, random); });
    case 2:
      return Lengths(static_cast<std::size_t>(tokens), 1);
    case 3: {
      const std::int64_t small = below(std::min<std::int64_t>(tokens, 12), random);
      return one_giant(small, tokens - small);
    }
    case 4:
      return long_tail_lengths(tokens, random.next());
    case 5: {
      const std::int64_t longest = 1 + below(tokens, random);
      return until(tokens, [&] { return 1 + below(longest, random); });
    }
    default:  // neighbours unlike each other
      return until(tokens, [&]() -> std::int64_t {
        const std::uint32_t kind = random.below(3);
        return kind == 0 ? 1 : kind == 1 ? near_edge(tokens, random) : 1 + below(tokens, random);
      });
  }
}

void add_empty(Lengths& lengths, PhiloxSequence& random) {
  if (one_in(24, random)) std::fill(lengths.begin(), lengths.end(), 0);
  if (!one_in(3, random)) return;
  for (std::uint32_t i = 0, count = 1 + random.below(4); i < count; ++i) {
    const auto size = static_cast<std::int64_t>(lengths.size());
    const std::uint32_t where = random.below(3);  // first, last, or anywhere
    lengths.insert(lengths.begin() + (where == 0   ? 0
                                      : where == 1 ? size
                                                   : below(size + 1, random)),
                   0);
  }
}

std::int64_t slack_rows(std::int64_t tokens, PhiloxSequence& random) {
  switch (random.below(8)) {
    case 0:
      return 1;
    case 1:
      return 1 + below(8, random);
    case 2:
      return near_edge(tokens, random);
    case 3:
      return below(4 * tokens, random);
    default:
      return 0;
  }
}

}  // namespace

RandomLayout random_layout(std::int64_t tokens, PhiloxSequence& random) {
  RandomLayout layout{.lengths = some_lengths(tokens, random)};
  add_empty(layout.lengths, random);
  const std::int64_t multiple = one_in(3, random) ? one_of(kMultiples, random) : 1;
  for (std::int64_t& length : layout.lengths) length = sp_padded(length, multiple);
  layout.capacity = sum(layout.lengths) + slack_rows(tokens, random);
  // Rows as ranks share them out: what the slack was rounded up to, with or without more.
  if (one_in(3, random)) layout.capacity = sp_padded(layout.capacity, one_of(kMultiples, random));
  return layout;
}

std::vector<std::int64_t> random_broken_boundaries(const RandomLayout& layout,
                                                   PhiloxSequence& random) {
  std::vector<std::int64_t> boundaries = {0};
  for (const std::int64_t length : layout.lengths) boundaries.push_back(boundaries.back() + length);
  const auto last = boundaries.size() - 1;
  const auto at = 1 + random.below(static_cast<std::uint32_t>(last));
  switch (random.below(4)) {
    case 0:  // begins late
      boundaries.front() = 1 + below(8, random);
      break;
    case 1:  // falls
      boundaries[at] = boundaries[at - 1] - 1 - below(8, random);
      break;
    case 2:  // ends beyond the rows
      boundaries[last] = layout.capacity + 1 + below(8, random);
      break;
    default:  // wrapped around
      boundaries[at] = std::numeric_limits<std::int32_t>::min() + below(8, random);
  }
  return boundaries;
}

}  // namespace packproof
