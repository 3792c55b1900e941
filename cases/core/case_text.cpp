#include "cases/core/case_text.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/core/call.h"

namespace packproof {
namespace {

constexpr std::size_t kLongestQuote = 48;
constexpr std::size_t kLongestName = 64;  // keeps the distance cheap on hostile input

// Optimal string alignment distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above.back();
}

bool only_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <class T>
std::optional<T> parse_whole(std::string_view text) {
  T value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string TextPlace::at(std::size_t offset) const {
  if (column == 0) return name;
  return fmt::format("{}{}column {}", name, name.empty() ? "" : ", ", column + offset);
}

void fail_at(const TextPlace& place, std::size_t offset, std::string_view message) {
  throw CaseError(fmt::format("{}: {}", place.at(offset), message));
}

std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (char c : text.substr(0, kLongestQuote)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out + (text.size() > kLongestQuote ? "...'" : "'");
}

std::string nearest_name(std::string_view text, std::span<const std::string> names) {
  std::string best;
  if (text.size() > kLongestName) return best;
  std::size_t best_distance = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string& name : names) {
    if (name.size() > kLongestName) continue;
    const std::size_t distance = edit_distance(text, name);
    // A name of which nothing was typed right is no suggestion.
    if (distance < best_distance && distance < name.size()) {
      best_distance = distance;
      best = name;
    }
  }
  return best;
}

std::string unknown_name(std::string_view kind, std::string_view text,
                         std::span<const std::string> names) {
  const std::string near = nearest_name(text, names);
  return fmt::format("unknown {} {};{} known: {}", kind, in_quotes(text),
                     near.empty() ? "" : fmt::format(" did you mean '{}'?", near),
                     names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
}

std::int64_t read_integer(std::string_view text, std::int64_t min, std::int64_t max,
                          std::string_view what, const TextPlace& place, std::size_t offset) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (!only_digits(digits))
    fail_at(place, offset,
            fmt::format("{} is {}, not a whole number; give one from {} to {}", what,
                        in_quotes(text), min, max));
  const auto value = parse_whole<std::int64_t>(text);
  if (!value || *value < min || *value > max)
    fail_at(place, offset,
            fmt::format("{} is {}, out of range; give one from {} to {}", what, in_quotes(text),
                        min, max));
  return *value;
}

std::uint64_t read_seed(std::string_view text, const TextPlace& place) {
  const auto value = parse_whole<std::uint64_t>(text);
  if (!only_digits(text) || !value)
    fail_at(place, 0,
            fmt::format("seed is {}; give a whole number from 0 to {}", in_quotes(text), ~0ULL));
  return *value;
}

}  // namespace packproof
