#include "harness/cli/op_probe.h"

#include <charconv>

#include <fmt/format.h>

#include "cases/packing/descriptor.h"
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

std::vector<std::int64_t> other_values(const FieldSpec& field) {
  std::int64_t fallback = 0;
  std::from_chars(field.fallback.data(), field.fallback.data() + field.fallback.size(), fallback);
  std::vector<std::int64_t> values;
  for (const std::int64_t value : {2 * fallback, fallback / 2, fallback + 1, fallback - 1})
    if (value != fallback && value >= field.min && value <= field.max) values.push_back(value);
  return values;
}

}  // namespace

OpProbe probe_op(const OpForm& form, Direction direction, const std::string& keys) {
  const std::string begin = fmt::format("{} {}", kLengths, keys);
  OpProbe found{.plain = probe(form, direction, begin).value(),
                .wider = {},
                .with_choices = {},
                .with_integers = {}};
  if (form.dtypes.size() > 1)
    found.wider =
        probe(form, direction, fmt::format("{} dtype={}", begin, name_of(form.dtypes.back())));
  for (const FieldSpec& field : form.fields) {
    const auto with = [&](const std::string& value) {
      return probe(form, direction, fmt::format("{} {}={}", begin, field.name, value));
    };
    for (const std::string& choice : field.choices)
      if (choice != field.fallback)
        if (auto made = with(choice))
          found.with_choices.push_back({field.name, choice, *std::move(made)});
    if (field.kind != FieldSpec::Kind::integer) continue;
    for (const std::int64_t value : other_values(field))
      if (auto made = with(fmt::format("{}", value))) {
        found.with_integers.push_back({field.name, fmt::format("{}", value), *std::move(made)});
        break;
      }
  }
  return found;
}

}  // namespace packproof::harness
