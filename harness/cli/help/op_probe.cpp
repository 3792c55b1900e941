#include "harness/cli/help/op_probe.h"

#include <charconv>

#include <fmt/format.h>

#include "cases/language/descriptor.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

// Lengths that allow every op, ranks and rings included.
constexpr const char* kLengths = "len=8,16";

std::optional<ProbedCase> probe(const OpForm& form, Direction direction, const std::string& keys) {
  try {
    ProbedCase made{.the_case = parse_descriptor(
                        fmt::format("{}:{} {}", form.name, name_of(direction), keys), op_lookup()),
                    .signature = {}};
    made.signature = form.signature(made.the_case);
    return made;
  } catch (const CaseError&) {
    return std::nullopt;  // fields that contradict each other
  }
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

// "field=value" for values that differ from the default: of a number, or of a choice of numbers.
std::vector<std::string> other_numbers(const FieldSpec& field) {
  const std::optional<std::int64_t> fallback = number(field.fallback);
  if (!fallback || field.kind == FieldSpec::Kind::word) return {};
  std::vector<std::int64_t> values = {2 * *fallback, *fallback / 2, *fallback + 1, *fallback - 1};
  if (field.kind == FieldSpec::Kind::choice) {
    values.clear();
    for (const std::string& choice : field.choices)
      if (const auto value = number(choice)) values.push_back(*value);
  } else {
    std::erase_if(values, [&](std::int64_t v) { return v < field.min || v > field.max; });
  }
  std::vector<std::string> keys;
  for (const std::int64_t value : values)
    if (value != *fallback) keys.push_back(fmt::format("{}={}", field.name, value));
  return keys;
}

class Prober {
 public:
  Prober(const OpForm& form, Direction direction, const std::string& keys)
      : form_(form), direction_(direction), begin_(fmt::format("{} {}", kLengths, keys)) {}

  std::optional<ProbedCase> with(const std::string& keys) const {
    return probe(form_, direction_, fmt::format("{} {}", begin_, keys));
  }

  std::optional<Change> change_of(const FieldSpec& field) const {
    if (auto alone = change_beside("", field)) return alone;
    for (const FieldSpec& other : form_.fields)
      if (other.name != field.name)
        for (const std::string& room : other_numbers(other))
          if (auto made = change_beside(room, field)) return made;
    return std::nullopt;
  }

 private:
  std::optional<Change> change_beside(const std::string& room, const FieldSpec& field) const {
    for (const std::string& key : other_numbers(field)) {
      const auto before = with(room);
      const auto after = with(fmt::format("{} {}", room, key));
      if (before && after) return Change{field.name, *before, *after, room.empty()};
    }
    return std::nullopt;
  }

  const OpForm& form_;
  Direction direction_;
  std::string begin_;
};

}  // namespace

OpProbe probe_op(const OpForm& form, Direction direction, const std::string& keys) {
  const Prober prober(form, direction, keys);
  OpProbe found{.plain = prober.with("").value(), .wider = {}, .with_choices = {}, .changes = {}};
  if (form.dtypes.size() > 1)
    found.wider = prober.with(fmt::format("dtype={}", name_of(form.dtypes.back())));
  for (const FieldSpec& field : form.fields) {
    for (const std::string& choice : field.choices)
      if (choice != field.fallback)
        if (auto made = prober.with(fmt::format("{}={}", field.name, choice)))
          found.with_choices.push_back({field.name, choice, *std::move(made)});
    if (auto change = prober.change_of(field)) found.changes.push_back(*std::move(change));
  }
  return found;
}

}  // namespace packproof::harness
