#include "cases/core/case.h"

#include <charconv>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace packproof {

std::int64_t Case::valid_tokens() const {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

std::vector<std::int64_t> Case::cu_seqlens() const {
  if (raw_cu_seqlens) return *raw_cu_seqlens;
  std::vector<std::int64_t> boundaries(lengths.size() + 1, 0);
  std::partial_sum(lengths.begin(), lengths.end(), boundaries.begin() + 1);
  return boundaries;
}

const std::string& Case::word(FieldName field) const {
  const auto found = fields.find(field.text());
  if (found == fields.end())
    throw std::logic_error(fmt::format("case of '{}' has no field '{}'", op, field.text()));
  return found->second;
}

std::int64_t Case::integer(FieldName field) const {
  const std::string& text = word(field);
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end)
    throw std::logic_error(
        fmt::format("case of '{}': field '{}' is '{}', not an integer", op, field.text(), text));
  return value;
}

std::string_view name_of(Direction direction) {
  return direction == Direction::fwd ? "fwd" : "bwd";
}

std::string_view name_of(Expect expect) { return expect == Expect::pass ? "pass" : "refused"; }

std::string_view name_of(SlackFill slack) {
  switch (slack) {
    case SlackFill::zero:
      return "zero";
    case SlackFill::nan:
      return "nan";
    case SlackFill::inf:
      return "inf";
    case SlackFill::huge:
      return "huge";
  }
  return "?";
}

std::string_view name_of(Fill fill) {
  switch (fill) {
    case Fill::normal:
      return "normal";
    case Fill::integers:
      return "integers";
    case Fill::large:
      return "large";
    case Fill::tiny:
      return "tiny";
    case Fill::specials:
      return "specials";
  }
  return "?";
}

}  // namespace packproof
