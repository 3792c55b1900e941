#include "cases/random/random_fields.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace packproof {
namespace {

// Words that no op knows.
const std::vector<std::string> kUnknownWords = {"gelu", "None", "SiLU", "_", "relu-6.x"};

const std::string& one_of(const std::vector<std::string>& values, PhiloxSequence& random) {
  return values[random.below(static_cast<std::uint32_t>(values.size()))];
}

std::vector<std::string> accepted(const FieldSpec& field) {
  std::vector<std::string> values;
  for (const std::string& value : field.choices)
    if (std::find(field.refused.begin(), field.refused.end(), value) == field.refused.end())
      values.push_back(value);
  return values;
}

std::string random_integer(const FieldSpec& field, PhiloxSequence& random) {
  const std::int64_t max = field.drawn_max > 0 ? field.drawn_max : field.max;
  const auto span = static_cast<std::uint64_t>(max - field.min);
  const auto octaves = static_cast<std::uint32_t>(std::bit_width(span));
  const auto at = [&](std::uint64_t above_min) {
    return fmt::format("{}", field.min + static_cast<std::int64_t>(std::min(above_min, span)));
  };
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return field.fallback;
    case 3:
      return at(random.below(4));
    case 4:
      return at(span - std::min<std::uint64_t>(span, random.below(2)));
    case 5: {
      const std::uint64_t power = std::uint64_t{1} << random.below(std::max(octaves, 1u));
      return at(power - 1 + random.below(3));
    }
    default:
      return at(random_below(std::uint64_t{1} << random.below(octaves + 1), random));
  }
}

}  // namespace

std::string random_value(const FieldSpec& field, Refusable refusable, PhiloxSequence& random) {
  switch (field.kind) {
    case FieldSpec::Kind::integer:
      return random_integer(field, random);
    case FieldSpec::Kind::word:
      if (field.choices.empty() || (refusable == Refusable::yes && random.below(2) == 0))
        return one_of(kUnknownWords, random);
      return one_of(field.choices, random);
    case FieldSpec::Kind::choice:
      break;
  }
  if (random.below(3) == 0) return field.fallback;
  return one_of(refusable == Refusable::yes ? field.choices : accepted(field), random);
}

std::uint64_t random_below(std::uint64_t bound, PhiloxSequence& random) {
  const std::uint64_t high = random.next();
  return bound == 0 ? 0 : ((high << 32) | random.next()) % bound;
}

}  // namespace packproof
