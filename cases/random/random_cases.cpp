#include "cases/random/random_cases.h"

#include <algorithm>
#include <bit>
#include <set>
#include <string>

#include <fmt/format.h>

#include "cases/core/call.h"
#include "cases/core/fnv1a.h"
#include "cases/language/case_draft.h"
#include "cases/language/case_size.h"
#include "cases/language/descriptor.h"
#include "cases/language/due_refusal.h"
#include "cases/random/random_fields.h"
#include "cases/random/random_lengths.h"

namespace packproof {
namespace {

constexpr std::int64_t kMostDraws = 200;
constexpr int kMostUnwanted = 300;
constexpr int kMostUnwantedAtFirst = 30;  // as of an op that no filter means
constexpr std::int64_t kMostTokens = 1024;
constexpr std::int64_t kFewTokens = 16;
constexpr std::uint32_t kFewestElements = 10, kMostElements = 17;  // powers of two

enum class Due : std::uint8_t { pass, refused_boundaries, refused };

struct TextPair {
  std::string name, value;
};

// All that is drawn of a case but its layout.
struct Drawn {
  Direction direction{};
  std::vector<TextPair> common, fields;
};

template <class T>
const T& one_of(const std::vector<T>& values, PhiloxSequence& random) {
  return values[random.below(static_cast<std::uint32_t>(values.size()))];
}

std::string_view draw_fill(PhiloxSequence& random) {
  if (random.below(2) == 0) return name_of(Fill::normal);
  return name_of(one_of<Fill>({Fill::integers, Fill::large, Fill::tiny, Fill::specials}, random));
}

Drawn draw(const OpForm& form, Due due, PhiloxSequence& random) {
  Drawn drawn{.direction = one_of(form.directions, random)};
  const auto common = [&](const char* key, std::string_view value) {
    drawn.common.push_back({key, std::string(value)});
  };
  if (!form.dtypes.empty()) common("dtype", name_of(one_of(form.dtypes, random)));
  common("slack", name_of(one_of<SlackFill>(
                      {SlackFill::nan, SlackFill::zero, SlackFill::inf, SlackFill::huge}, random)));
  common("fill", draw_fill(random));
  const std::uint64_t seeds = random.below(8) == 0 ? std::uint64_t{1} << 62 : 1000;
  common("seed", fmt::format("{}", random_below(seeds, random)));
  const auto refusable = due == Due::refused ? Refusable::yes : Refusable::no;
  for (const FieldSpec& field : form.fields)
    drawn.fields.push_back({field.name, random_value(field, refusable, random)});
  return drawn;
}

// As the parsers make it; of `boundaries` where there are some. Throws CaseError.
Case make_case(const OpForm& form, const Drawn& drawn, const RandomLayout& layout,
               const std::vector<std::int64_t>& boundaries, Expect expect) {
  CaseDraft draft(form, drawn.direction);
  for (const auto& [key, value] : drawn.common) draft.set_common(key, value, {});
  for (const auto& [name, value] : drawn.fields) draft.set_field(name, value, {});
  draft.set_common("expect", name_of(expect), {});
  draft.set_common("cap", fmt::format("{}", layout.capacity), {});
  if (boundaries.empty())
    draft.set_lengths(layout.lengths, {});
  else
    draft.set_cu_seqlens(boundaries, {});
  return std::move(draft).finish({});
}

Signature signature_of(const OpForm& form, const Case& c) {
  return form.signature == nullptr ? Signature{} : form.signature(c);
}

// About how many tokens these fields leave room for.
std::int64_t most_tokens(const OpForm& form, const Drawn& drawn, std::int64_t budget) {
  const auto elements = [&](std::int64_t rows) {
    const RandomLayout layout{.lengths = {2, 2}, .capacity = rows};
    const Case probe = make_case(form, drawn, layout, {}, Expect::refused);
    return everyday_elements(signature_of(form, probe)).value_or(budget);
  };
  try {
    const std::int64_t few = elements(8), more = elements(16);
    return std::clamp<std::int64_t>(8 * (budget - few) / std::max<std::int64_t>(more - few, 1), 1,
                                    kMostTokens);
  } catch (const CaseError&) {
    return kFewTokens;
  }
}

std::optional<Case> draw_once(const OpForm& form, Due due, PhiloxSequence& random) {
  const Drawn drawn = draw(form, due, random);
  const std::int64_t budget =
      std::int64_t{1} << (kFewestElements + random.below(kMostElements - kFewestElements + 1));
  const std::int64_t octave =
      std::int64_t{1} << random.below(std::bit_width(static_cast<std::uint64_t>(kMostTokens)));
  const std::int64_t wanted = octave + random.below(static_cast<std::uint32_t>(octave));
  const Expect expect = due == Due::pass ? Expect::pass : Expect::refused;
  for (std::int64_t tokens = std::min(wanted, most_tokens(form, drawn, budget)); tokens > 0;
       tokens /= 2) {
    const RandomLayout layout = random_layout(tokens, random);
    std::vector<std::int64_t> boundaries;
    if (due == Due::refused_boundaries) boundaries = random_broken_boundaries(layout, random);
    try {
      Case c = make_case(form, drawn, layout, boundaries, expect);
      const Signature signature = signature_of(form, c);
      if (due != Due::pass && due_refusal(c, form, signature).empty()) return std::nullopt;
      if (everyday_elements(signature).value_or(budget + 1) <= budget) return c;
    } catch (const CaseError&) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace

DrawnCase draw_case(const OpForm& form, PhiloxSequence& random) {
  const std::uint32_t due_draw = random.below(32);
  const Due due = due_draw == 0   ? Due::refused_boundaries
                  : due_draw == 1 ? Due::refused
                                  : Due::pass;
  DrawnCase drawn;
  while (!drawn.the_case && drawn.redrawn < kMostDraws) {
    drawn.the_case = draw_once(form, due, random);
    drawn.redrawn += drawn.the_case ? 0 : 1;
  }
  return drawn;
}

RandomCases random_cases(std::int64_t count, std::uint64_t seed,
                         std::span<const OpForm* const> forms,
                         const std::function<bool(const Case&)>& wanted) {
  struct Source {
    const OpForm* form;
    std::uint64_t stream;  // of its next draw
    int patience = kMostUnwantedAtFirst;
  };
  std::vector<Source> sources;
  for (const OpForm* form : forms) sources.push_back({form, fnv1a("random:" + form->name)});

  RandomCases random;
  std::set<std::string> seen;
  const auto next_of = [&](Source& source) -> std::optional<Case> {
    for (int unwanted = 0; unwanted < source.patience; ++unwanted) {
      PhiloxSequence draws(seed, source.stream++);
      DrawnCase drawn = draw_case(*source.form, draws);
      random.redrawn += drawn.redrawn;
      if (drawn.the_case && wanted(*drawn.the_case) &&
          seen.insert(format_descriptor(*drawn.the_case, *source.form)).second) {
        source.patience = kMostUnwanted;
        return std::move(drawn.the_case);
      }
    }
    return std::nullopt;
  };
  for (std::size_t turn = 0; !sources.empty() && std::ssize(random.cases) < count;) {
    if (std::optional<Case> c = next_of(sources[turn])) {
      random.cases.push_back(std::move(*c));
      ++turn;
    } else {
      sources.erase(sources.begin() + static_cast<std::ptrdiff_t>(turn));
    }
    if (turn >= sources.size()) turn = 0;
  }
  return random;
}

}  // namespace packproof
