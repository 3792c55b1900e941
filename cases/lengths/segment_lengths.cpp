#include "cases/lengths/segment_lengths.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/lengths/length_families.h"
#include "cases/lengths/workload.h"

namespace packproof {
namespace {

// Fewer sequences than this are clearer written out.
constexpr std::size_t kShortestNamedPack = 8;
constexpr std::int64_t kMaxFamilySeed = 2147483647;

bool is_name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class LengthsParser {
 public:
  LengthsParser(std::string_view text, const TextPlace& place) : text_(text), place_(place) {}

  std::vector<std::int64_t> parse() {
    item();
    while (at_ < text_.size()) {
      if (text_[at_] != ',' && text_[at_] != '+')
        fail(at_, fmt::format("found {} after a length; separate lengths with ','",
                              in_quotes(text_.substr(at_))));
      ++at_;
      item();
    }
    return std::move(lengths_);
  }

 private:
  void item() {
    if (at_ < text_.size() && starts_name(text_[at_])) return named_item();
    const std::size_t start = at_;
    const std::string_view first = number_text();
    if (at_ == text_.size() || text_[at_] != '*') return add(1, length(first, start), start);
    const std::int64_t count =
        read_integer(first, 1, kMaxSegments, "count of segments", place_, start);
    const std::size_t second = ++at_;
    add(count, length(number_text(), second), start);
  }

  void named_item() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (const Workload* workload = find_workload(name)) return pack(*workload, start);
    if (name == "uniform") {
      const auto args = arguments(name, {{"count", 1, kMaxSegments},
                                         {"min", 0, kMaxTokens},
                                         {"max", 0, kMaxTokens},
                                         {"seed", 0, kMaxFamilySeed}});
      if (args[1] > args[2])
        fail(start, fmt::format("uniform has min {} above max {}", args[1], args[2]));
      return add_all(uniform_lengths(args[0], args[1], args[2], seed_of(args[3])), start);
    }
    if (name == "longtail") {
      const auto args = arguments(name, {{"total", 1, kMaxTokens}, {"seed", 0, kMaxFamilySeed}});
      return add_all(long_tail_lengths(args[0], seed_of(args[1]), kMaxSegments + 1), start);
    }
    std::vector<std::string> names;
    if (next != '(')
      for (const Workload& workload : workloads()) names.push_back(workload.name);
    if (next != '@') names.insert(names.end(), {"uniform", "longtail"});
    fail(start, unknown_name(next == '@' ? "workload" : "length family",
                             name.empty() ? text_.substr(start, 1) : name, names));
  }

  void pack(const Workload& workload, std::size_t start) {
    if (at_ == text_.size() || text_[at_] != '@')
      fail(at_, fmt::format("{} needs a token limit: {}@32768", workload.name, workload.name));
    const std::size_t digits = ++at_;
    const std::int64_t tokens =
        read_integer(number_text(), 1, kMaxTokens, "token limit", place_, digits);
    const std::size_t count = sequences_within(workload, tokens);
    if (count == 0)
      fail(digits,
           fmt::format("no sequence fits: the first of {} has {} tokens; give at least that",
                       workload.name, workload.lengths.front()));
    add_all({workload.lengths.data(), count}, start);
  }

  struct Argument {
    const char* name;
    std::int64_t min;
    std::int64_t max;
  };
  std::vector<std::int64_t> arguments(std::string_view family,
                                      std::initializer_list<Argument> wanted) {
    std::vector<std::string> names;
    for (const Argument& argument : wanted) names.push_back(argument.name);
    const std::string form = fmt::format("{}({})", family, fmt::join(names, ","));
    std::vector<std::int64_t> values;
    for (const Argument& argument : wanted) {
      const char opener = values.empty() ? '(' : ',';
      if (at_ == text_.size() || text_[at_] != opener)
        fail(at_, fmt::format("missing '{}'; the form is {}", opener, form));
      const std::size_t start = ++at_;
      const std::string what = fmt::format("{} of {}", argument.name, form);
      values.push_back(
          read_integer(number_text(), argument.min, argument.max, what, place_, start));
    }
    if (at_ == text_.size() || text_[at_] != ')')
      fail(at_, fmt::format("missing ')'; the form is {}", form));
    ++at_;
    return values;
  }

  // Everything up to the next mark of the grammar, so that junk is reported whole.
  std::string_view number_text() {
    const std::size_t start = at_;
    at_ = std::min(text_.find_first_of(",+*@()", at_), text_.size());
    return text_.substr(start, at_ - start);
  }

  std::int64_t length(std::string_view digits, std::size_t start) {
    if (digits.empty()) fail(start, "a length is missing; give a number of tokens, 0 or more");
    return read_integer(digits, 0, kMaxTokens, "length", place_, start);
  }

  static std::uint64_t seed_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }

  void add(std::int64_t count, std::int64_t tokens, std::size_t start) {
    grow(count, count * tokens, start);
    lengths_.insert(lengths_.end(), static_cast<std::size_t>(count), tokens);
  }

  void add_all(std::span<const std::int64_t> more, std::size_t start) {
    grow(static_cast<std::int64_t>(more.size()),
         std::accumulate(more.begin(), more.end(), std::int64_t{0}), start);
    lengths_.insert(lengths_.end(), more.begin(), more.end());
  }

  void grow(std::int64_t segments, std::int64_t tokens, std::size_t start) {
    tokens_ += tokens;
    if (static_cast<std::int64_t>(lengths_.size()) + segments > kMaxSegments)
      fail(start, fmt::format("more than {} segments; give fewer", kMaxSegments));
    if (tokens_ > kMaxTokens)
      fail(start, fmt::format("the lengths add up to more than {} tokens, the most that int32 "
                              "cu_seqlens can hold; give fewer",
                              kMaxTokens));
  }

  [[noreturn]] void fail(std::size_t offset, std::string_view message) const {
    fail_at(place_, offset, message);
  }

  std::string_view text_;
  const TextPlace& place_;
  std::size_t at_ = 0;
  std::int64_t tokens_ = 0;
  std::vector<std::int64_t> lengths_;
};

// The number in [low, high] that the highest power of two divides; 0 < low <= high.
std::int64_t roundest_between(std::int64_t low, std::int64_t high) {
  const auto below = static_cast<std::uint64_t>(low - 1);
  const std::uint64_t differ = below ^ static_cast<std::uint64_t>(high);
  // Keep the bits that both share and the first in which `high` is above: it is a 1 there.
  const std::uint64_t first = std::bit_floor(differ);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(high) & ~(first - 1));
}

std::string pack_name(std::span<const std::int64_t> lengths) {
  if (lengths.size() < kShortestNamedPack) return "";
  for (const Workload& workload : workloads()) {
    const auto& known = workload.lengths;
    if (lengths.size() > known.size() || !std::equal(lengths.begin(), lengths.end(), known.begin()))
      continue;
    const std::int64_t tokens = std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
    const std::int64_t limit =
        lengths.size() == known.size() ? kMaxTokens : tokens + known[lengths.size()] - 1;
    return fmt::format("{}@{}", workload.name, roundest_between(tokens, limit));
  }
  return "";
}

}  // namespace

std::vector<std::int64_t> parse_lengths(std::string_view text, const TextPlace& place) {
  return LengthsParser(text, place).parse();
}

std::string format_lengths(std::span<const std::int64_t> lengths) {
  std::string text = pack_name(lengths);
  if (!text.empty()) return text;
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t end = i + 1;
    while (end < lengths.size() && lengths[end] == lengths[i]) ++end;
    if (i > 0) text += ',';
    if (end - i > 1) text += fmt::format("{}*", end - i);
    text += fmt::format("{}", lengths[i]);
    i = end;
  }
  return text;
}

void check_lengths(std::span<const std::int64_t> lengths, const TextPlace& place) {
  if (lengths.empty()) fail_at(place, 0, "no segment; give at least one length, which may be 0");
  if (static_cast<std::int64_t>(lengths.size()) > kMaxSegments)
    fail_at(place, 0, fmt::format("more than {} segments; give fewer", kMaxSegments));
  std::int64_t tokens = 0;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (lengths[i] < 0 || lengths[i] > kMaxTokens - tokens)
      fail_at(place, 0,
              fmt::format("length {} of segment {} {}", lengths[i], i,
                          lengths[i] < 0 ? "is negative; give 0 or more"
                                         : "takes the sum beyond int32; give fewer tokens"));
    tokens += lengths[i];
  }
}

}  // namespace packproof
