#include "cases/language/case_draft.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "cases/language/contracts.h"
#include "cases/language/cu_seqlens_fault.h"
#include "cases/language/due_refusal.h"
#include "cases/language/fill_range.h"
#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kLongestSource = 500;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

template <class Enum, std::size_t N>
Enum read_choice(std::string_view kind, std::string_view text, const Enum (&choices)[N],
                 const TextPlace& place) {
  std::vector<std::string> names;
  for (Enum choice : choices) {
    if (name_of(choice) == text) return choice;
    names.emplace_back(name_of(choice));
  }
  fail_at(place, 0, unknown_name(kind, text, names));
}

std::string read_contract(std::string_view text, const TextPlace& place) {
  const std::vector<std::string> names = contract_ids();
  if (std::ranges::find(names, text) != names.end()) return std::string(text);
  fail_at(place, 0, unknown_name("contract", text, names));
}

std::string read_source(std::string_view text, const TextPlace& place) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!printable || text.size() > kLongestSource)
    fail_at(place, 0,
            fmt::format("source is {}; give a link of at most {} printable ASCII characters",
                        in_quotes(text), kLongestSource));
  return std::string(text);
}

std::vector<std::int64_t> read_boundaries(std::string_view text, const TextPlace& place) {
  std::vector<std::int64_t> boundaries;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    boundaries.push_back(
        read_integer(text.substr(start, end - start), std::numeric_limits<std::int64_t>::min(),
                     std::numeric_limits<std::int64_t>::max(),
                     fmt::format("cu_seqlens[{}]", boundaries.size()), place, start));
    start = end + 1;
  }
  return boundaries;
}

// How a refusal is expected, in a file and in a descriptor.
std::string_view how_to_expect(const TextPlace& place) {
  return place.column == 0 ? "add \"expected\": \"refused\"" : "add expect=refused";
}

}  // namespace

CaseDraft::CaseDraft(const OpForm& form, Direction direction) : form_(form) {
  const auto& common = common_keys();
  for (const FieldSpec& spec : form.fields) {
    if (std::find(common.begin(), common.end(), spec.name) != common.end())
      throw std::logic_error(
          fmt::format("op '{}': field '{}' has the name of a common key", form.name, spec.name));
    if (!case_.fields.emplace(spec.name, spec.fallback).second)
      throw std::logic_error(fmt::format("op '{}': two fields '{}'", form.name, spec.name));
  }
  case_.op = form.name;
  case_.direction = direction;
  if (!form.dtypes.empty()) case_.dtype = form.dtypes.front();
}

void CaseDraft::set_common(std::string_view key, std::string_view text, const TextPlace& value) {
  if (text.empty()) fail_at(value, 0, fmt::format("{} has no value", key));
  if (key == "dtype") {
    set_dtype(text, value);
  } else if (key == "len") {
    set_lengths(parse_lengths(text, value), value);
  } else if (key == "cu_seqlens") {
    set_cu_seqlens(read_boundaries(text, value), value);
  } else if (key == "cap") {
    capacity_ = read_integer(text, 0, kMaxTokens, "cap", value);
    capacity_place_ = value;
  } else if (key == "slack") {
    case_.slack = read_choice(
        "slack", text, {SlackFill::zero, SlackFill::nan, SlackFill::inf, SlackFill::huge}, value);
  } else if (key == "fill") {
    case_.fill =
        read_choice("fill", text,
                    {Fill::normal, Fill::integers, Fill::large, Fill::tiny, Fill::specials}, value);
  } else if (key == "seed") {
    case_.seed = read_seed(text, value);
  } else if (key == "contract") {
    case_.contract = read_contract(text, value);
  } else if (key == "expect") {
    case_.expect = read_choice("verdict", text, {Expect::pass, Expect::refused}, value);
  } else if (key == "source") {
    case_.source = read_source(text, value);
  } else {
    throw std::logic_error(fmt::format("'{}' is not a common key", key));
  }
}

void CaseDraft::set_dtype(std::string_view text, const TextPlace& value) {
  if (form_.dtypes.empty())
    fail_at(value, 0, fmt::format("op '{}' has no dtype; leave it out", form_.name));
  std::vector<std::string> names;
  for (DType dtype : form_.dtypes) names.emplace_back(name_of(dtype));
  const auto dtype = dtype_named(text);
  if (!dtype || std::find(form_.dtypes.begin(), form_.dtypes.end(), *dtype) == form_.dtypes.end())
    fail_at(value, 0, unknown_name("dtype", text, names));
  case_.dtype = *dtype;
}

void CaseDraft::set_field(std::string_view name, std::string_view text, const TextPlace& value) {
  const FieldSpec* spec = find_spec(name);
  if (spec == nullptr)
    throw std::logic_error(fmt::format("op '{}' has no field '{}'", form_.name, name));
  if (text.empty()) fail_at(value, 0, fmt::format("{} has no value", name));
  std::string& field = case_.fields.find(name)->second;
  switch (spec->kind) {
    case FieldSpec::Kind::integer:
      field = fmt::format("{}", read_integer(text, spec->min, spec->max, name, value));
      return;
    case FieldSpec::Kind::choice:
      if (std::find(spec->choices.begin(), spec->choices.end(), text) == spec->choices.end())
        fail_at(value, 0, unknown_name(name, text, spec->choices));
      break;
    case FieldSpec::Kind::word:
      check_word(text, name, value);
      break;
  }
  field = text;
}

void CaseDraft::set_lengths(std::vector<std::int64_t> lengths, const TextPlace& value) {
  check_lengths(lengths, value);
  lengths_ = std::move(lengths);
}

void CaseDraft::set_cu_seqlens(std::vector<std::int64_t> boundaries, const TextPlace& value) {
  if (boundaries.empty() || static_cast<std::int64_t>(boundaries.size()) - 1 > kMaxSegments)
    fail_at(value, 0,
            fmt::format("cu_seqlens has {} entries; give 1 to {}", boundaries.size(),
                        kMaxSegments + 1));
  case_.raw_cu_seqlens = std::move(boundaries);
  cu_seqlens_place_ = value;
}

Case CaseDraft::finish(const TextPlace& whole) && {
  if (case_.raw_cu_seqlens) {
    if (lengths_)
      fail_at(cu_seqlens_place_, 0, "both len and cu_seqlens are given; give one of them");
    finish_cu_seqlens();
  } else {
    finish_lengths(whole);
  }
  if (form_.signature != nullptr) {
    const std::string due = due_refusal(case_, form_, form_.signature(case_));
    if (!due.empty() && case_.expect == Expect::pass)
      fail_at(whole, 0, fmt::format("{}, which must be refused: {}", due, how_to_expect(whole)));
    check_fill(case_, form_.signature(case_));
  }
  return std::move(case_);
}

void CaseDraft::finish_lengths(const TextPlace& whole) {
  if (!lengths_)
    fail_at(whole, 0, "len is missing; give the segment lengths in tokens, such as 3,0,128");
  case_.lengths = std::move(*lengths_);
  const std::int64_t tokens = case_.valid_tokens();
  case_.capacity = capacity_.value_or(tokens);
  if (case_.capacity < tokens)
    fail_at(capacity_place_, 0,
            fmt::format("cap is {}, below the {} tokens of len; give at least that", case_.capacity,
                        tokens));
}

void CaseDraft::finish_cu_seqlens() {
  const auto& boundaries = *case_.raw_cu_seqlens;
  if (!capacity_) {
    const std::int64_t largest = *std::max_element(boundaries.begin(), boundaries.end());
    if (largest < 0 || largest > kMaxTokens)
      fail_at(cu_seqlens_place_, 0,
              fmt::format("cap is missing, and the largest boundary, {}, is no number of rows; "
                          "give cap",
                          largest));
    capacity_ = largest;
  }
  case_.capacity = *capacity_;
  case_.lengths = {case_.capacity};
  const auto fault = find_fault(boundaries, case_.capacity);
  if (!fault)
    fail_at(cu_seqlens_place_, 0,
            "this cu_seqlens is valid, and only a broken one is given raw; "
            "give len instead");
  if (case_.expect != Expect::refused)
    fail_at(cu_seqlens_place_, 0,
            fmt::format("{}; a broken cu_seqlens can only be refused: {}", fault->what,
                        how_to_expect(cu_seqlens_place_)));
}

const FieldSpec* CaseDraft::find_spec(std::string_view name) const {
  for (const FieldSpec& spec : form_.fields)
    if (spec.name == name) return &spec;
  return nullptr;
}

std::vector<std::string> CaseDraft::field_names() const {
  std::vector<std::string> names;
  for (const FieldSpec& spec : form_.fields) names.push_back(spec.name);
  return names;
}

const std::vector<std::string>& CaseDraft::common_keys() {
  static const std::vector<std::string> keys = {"dtype", "len",  "cu_seqlens", "cap",    "slack",
                                                "fill",  "seed", "contract",   "expect", "source"};
  return keys;
}

void check_word(std::string_view text, std::string_view what, const TextPlace& place) {
  const bool good = text.size() <= kLongestWord && is_letter(text.front()) &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return is_letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
                    });
  if (!good)
    fail_at(place, 0,
            fmt::format("{} is {}; give a word: a letter, then letters, digits, '_', '.', '-'",
                        what, in_quotes(text)));
}

}  // namespace packproof
