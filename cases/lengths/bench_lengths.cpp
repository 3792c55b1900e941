#include "cases/lengths/bench_lengths.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

constexpr std::array kPaddingShares = {0.0, 0.25, 0.5, 0.75, 0.9};
constexpr std::array kLongestShares = {1.0 / 16, 0.25, 0.5};

bool parses(const std::string& text) {
  try {
    return !parse_lengths(text).empty();
  } catch (const CaseError&) {
    return false;
  }
}

// "count*length", or nothing.
std::string run_of(std::int64_t count, std::int64_t length) {
  return count > 0 ? fmt::format("{}*{}", count, length) : std::string();
}

std::string joined(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + "," + b;
}

std::optional<BreakEvenCell> cell_of(std::int64_t tokens, std::int64_t segments,
                                     double padding_share, double longest_share) {
  const auto longest = static_cast<std::int64_t>(std::llround(
      static_cast<double>(tokens) / (static_cast<double>(segments) * (1 - padding_share))));
  const auto count =
      std::max<std::int64_t>(1, std::llround(longest_share * static_cast<double>(segments)));
  const std::int64_t left = tokens - count * longest;
  // Without padding all segments are equal: one cell is enough.
  if (padding_share == 0 && longest_share != kLongestShares.front()) return std::nullopt;
  if (padding_share > 0 && (count >= segments || left < segments - count)) return std::nullopt;
  return BreakEvenCell{
      .padding_share = padding_share,
      .longest_share = longest_share,
      .lengths = padding_share == 0
                     ? equal_lengths(tokens, segments)
                     : joined(run_of(count, longest), equal_lengths(left, segments - count))};
}

}  // namespace

std::string equal_lengths(std::int64_t tokens, std::int64_t segments) {
  const std::int64_t longer = tokens % segments;
  return joined(run_of(longer, tokens / segments + 1),
                run_of(segments - longer, tokens / segments));
}

std::vector<NamedLengths> training_lengths(std::int64_t tokens) {
  std::vector<NamedLengths> all = {
      {.name = "one giant", .text = fmt::format("{}", tokens)},
      {.name = "equal", .text = equal_lengths(tokens, 4)},
      {.name = "long tail", .text = fmt::format("longtail({},1)", tokens)}};
  for (const char* workload : {"gsm8k", "code"})
    if (const std::string text = fmt::format("{}@{}", workload, tokens); parses(text))
      all.push_back({.name = workload, .text = text});
  return all;
}

std::vector<NamedLengths> decode_lengths() {
  return {{.name = "decode, 1 sequence", .text = "1"},
          {.name = "decode, 64 sequences", .text = "64*1"},
          {.name = "decode, 256 sequences", .text = "256*1"}};
}

std::vector<BreakEvenCell> break_even_cells(std::int64_t tokens, std::int64_t segments) {
  std::vector<BreakEvenCell> cells;
  for (const double padding_share : kPaddingShares)
    for (const double longest_share : kLongestShares)
      if (auto cell = cell_of(tokens, segments, padding_share, longest_share))
        cells.push_back(std::move(*cell));
  return cells;
}

}  // namespace packproof
