#include "cases/lengths/length_families.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "cases/core/fnv1a.h"
#include "cases/core/philox.h"
#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

using Lengths = std::vector<std::int64_t>;

constexpr std::uint64_t kUniformStream = fnv1a("uniform_lengths");
constexpr std::uint64_t kLongTailStream = fnv1a("long_tail_lengths");

std::int64_t sum(const Lengths& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

}  // namespace

Lengths uniform_lengths(std::int64_t count, std::int64_t min, std::int64_t max,
                        std::uint64_t seed) {
  if (count < 0 || min < 0 || max < min || max > kMaxTokens)
    throw std::logic_error("uniform_lengths: needs 0 <= min <= max < 2^31");
  PhiloxSequence random(seed, kUniformStream);
  const auto choices = static_cast<std::uint32_t>(max - min + 1);
  Lengths lengths(static_cast<std::size_t>(count));
  for (std::int64_t& length : lengths) length = min + random.below(choices);
  return lengths;
}

Lengths long_tail_lengths(std::int64_t total, std::uint64_t seed, std::int64_t most) {
  if (total < 1) throw std::logic_error("long_tail_lengths: total must be at least 1");
  PhiloxSequence random(seed, kLongTailStream);
  const std::int64_t longest = (total + 1) / 2;
  Lengths lengths;
  for (std::int64_t left = total; left > 0 && static_cast<std::int64_t>(lengths.size()) < most;) {
    // Half of all numbers have no leading zero, a quarter have one, ...: octaves of a 1/x tail.
    const int octave = std::countl_zero(random.next());
    const std::int64_t octave_start = std::int64_t{8} << octave;
    const auto within = static_cast<std::int64_t>((std::uint64_t{random.next()} << octave) >> 29);
    lengths.push_back(std::min({left, longest, octave_start + within}));
    left -= lengths.back();
  }
  return lengths;
}

Lengths one_giant(std::int64_t small, std::int64_t giant) {
  Lengths lengths(static_cast<std::size_t>(small), 1);
  lengths.insert(lengths.begin() + small / 2, giant);
  return lengths;
}

Lengths around_window(std::int64_t width) {
  Lengths lengths = {1};
  for (std::int64_t length = std::max<std::int64_t>(width - 2, 2); length <= width + 1; ++length)
    lengths.push_back(length);
  return lengths;
}

Lengths around_chunk(std::int64_t chunk) {
  return {chunk - 1, chunk, chunk + 1, 2 * chunk - 1, 2 * chunk, 2 * chunk + 1};
}

std::int64_t sp_padded(std::int64_t tokens, std::int64_t world) {
  return (tokens + world - 1) / world * world;
}

std::string EdgeLayout::descriptor_part() const {
  std::string text = "len=" + format_lengths(lengths);
  if (capacity > sum(lengths)) text += fmt::format(" cap={}", capacity);
  return text;
}

std::vector<EdgeLayout> edge_catalogue(std::int64_t width, std::int64_t chunk) {
  if (width < 1 || chunk < 2)
    throw std::logic_error("edge_catalogue: needs width >= 1, chunk >= 2");
  std::vector<EdgeLayout> all;
  const auto add = [&all](const char* name, const Lengths& lengths, std::int64_t slack,
                          const char* reason) {
    all.push_back({name, lengths, sum(lengths) + slack, reason});
  };
  const auto padded = [&all](const char* name, const Lengths& lengths, std::int64_t world,
                             const char* reason) {
    all.push_back({name, lengths, sp_padded(sum(lengths), world), reason});
  };
  const std::int64_t c = chunk;

  add("one-token", {1}, 0, "the smallest row: no neighbour to read, no chunk filled");
  add("one-segment", {3 * c + 5}, 0, "plain unpacked input must still be right");
  add("all-ones", Lengths(static_cast<std::size_t>(c + 3), 1), 0,
      "a boundary at every token, many in one chunk");
  add("pairs", Lengths(static_cast<std::size_t>(c / 2 + 1), 2), 0,
      "two tokens each: a window reaches over several boundaries");
  add("around-window", around_window(width), 0,
      "segments shorter than the window must not read the one before");
  Lengths window_down = around_window(width);
  std::reverse(window_down.begin(), window_down.end());
  add("around-window-falling", window_down, 0,
      "a short segment after a longer one: stale window contents show");
  add("around-chunk", around_chunk(c), 0,
      "off by one at chunk ends; chunks start at segments, not at row multiples");
  add("chunk-minus-one", {c - 1, c - 1, c - 1}, 0, "the last chunk lacks exactly one token");
  add("chunk-multiples", {c, 2 * c, c}, 0, "boundaries on chunk edges: no partial chunk to mask");
  add("chunk-plus-one", {c + 1, c + 1, c + 1}, 0, "each last chunk holds a single token");
  add("one-giant", one_giant(6, 12 * c + 1), 0,
      "one long segment among single tokens: the longest must not set the pace of all");
  add("giant-first", {9 * c + 7, 1, 2, 3}, 0,
      "small segments behind a long one: state must be fresh");
  add("giant-last", {3, 2, 1, 9 * c + 7}, 0,
      "the last segment is the long one: the tail is reached");
  add("uniform", uniform_lengths(12, 1, 2 * c, 1), 0, "no structure to be lucky with");
  add("long-tail", long_tail_lengths(12 * c, 1), 0,
      "the mix of short and long that training packs have");

  add("empty-first", {0, c + 1, 3}, 0, "the first segment has no token: boundary 0 twice");
  add("empty-middle", {5, 0, c}, 0,
      "an empty segment between two: it must not end or start either");
  add("empty-last", {c + 1, 3, 0}, 0,
      "the last segment has no token: nothing to read at its start");
  add("empty-run", {4, 0, 0, 0, c + 2}, 0,
      "several empty segments in a row: searches must pass all");
  add("empty-everywhere", {0, 0, 7, 0, c, 0, 0}, 0, "empty at both ends and between");
  add("all-empty", {0, 0, 0}, c, "no valid token at all: only slack rows, sums over nothing");
  add("empty-before-slack", {c, 0}, 3, "an empty last segment must not take the slack rows");

  add("slack-one", {c + 1, 2}, 1, "a single slack row behind the last segment");
  add("slack-chunk", {c - 1, 3}, c, "slack of a whole chunk: none of its rows is valid");
  add("slack-most", {1, 2}, 4 * c, "far more slack than tokens");
  padded("sp-pad-2", {c, 2 * c + 1}, 2, "rows padded to two ranks");
  padded("sp-pad-4", {1, c, 5}, 4,
         "rows padded to four ranks: pads are no part of the last segment");
  padded("sp-pad-8", {c + 1, 2 * c, 1}, 8, "rows padded to eight ranks: a rank may hold pads only");
  return all;
}

}  // namespace packproof
