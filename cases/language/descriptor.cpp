#include "cases/language/descriptor.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/language/case_draft.h"
#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 25;  // a million boundaries of 20 digits fit
constexpr std::string_view kBlank = " \t";

// Splits off words at blanks, remembering where each starts.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) { skip_blanks(); }

  bool done() const { return at_ == text_.size(); }
  TextPlace place() const { return {"", at_ + 1}; }

  std::string_view take() {
    const std::size_t end = std::min(text_.find_first_of(kBlank, at_), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    at_ = end;
    skip_blanks();
    return word;
  }

 private:
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size()); }

  std::string_view text_;
  std::size_t at_ = 0;
};

TextPlace shifted(const TextPlace& place, std::size_t offset) {
  return {place.name, place.column + offset};
}

class DescriptorReader {
 public:
  explicit DescriptorReader(const OpForm& form, Direction direction)
      : form_(form), draft_(form, direction) {}

  void read_pair(std::string_view word, const TextPlace& place) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0)
      fail_at(place, 0, fmt::format("found {}; give key=value", in_quotes(word)));
    const std::string_view key = word.substr(0, equals);
    const std::string_view value = word.substr(equals + 1);
    const TextPlace value_place = shifted(place, equals + 1);
    const auto& common = CaseDraft::common_keys();
    const bool is_common = std::find(common.begin(), common.end(), key) != common.end();
    if (!is_common && !draft_.has_field(key)) fail_at(place, 0, unknown_key(key));
    if (!seen_.insert(key).second)
      fail_at(place, 0, fmt::format("{} is given twice; give it once", key));
    if (is_common)
      draft_.set_common(key, value, value_place);
    else
      draft_.set_field(key, value, value_place);
  }

  Case finish(const TextPlace& end) && { return std::move(draft_).finish(end); }

 private:
  std::string unknown_key(std::string_view key) const {
    std::vector<std::string> names = draft_.field_names();
    for (const std::string& common : CaseDraft::common_keys())
      if (common != "dtype" || !form_.dtypes.empty()) names.push_back(common);
    return unknown_name("key", key, names) + fmt::format(" (of op {})", form_.name);
  }

  const OpForm& form_;
  CaseDraft draft_;
  std::set<std::string_view> seen_;
};

}  // namespace

Case parse_descriptor(std::string_view text, const OpLookup& ops) {
  if (text.size() > kMaxBytes)
    fail_at({}, 0, fmt::format("a descriptor of {} bytes; at most {} do", text.size(), kMaxBytes));
  Words words(text);
  const TextPlace start = words.place();
  if (words.done()) fail_at(start, 0, "empty descriptor; give op[:fwd|:bwd] key=value ...");
  const std::string_view head = words.take();
  const std::size_t colon = head.find(':');
  const OpForm& form = find_op(ops, head.substr(0, colon), start);
  const Direction direction =
      colon == std::string_view::npos
          ? read_direction(form, name_of(Direction::fwd), start)
          : read_direction(form, head.substr(colon + 1), shifted(start, colon + 1));
  DescriptorReader reader(form, direction);
  while (!words.done()) {
    const TextPlace place = words.place();
    reader.read_pair(words.take(), place);
  }
  return std::move(reader).finish({"", text.size() + 1});
}

std::string format_descriptor(const Case& the_case, const OpForm& form) {
  if (the_case.op != form.name)
    throw std::logic_error(
        fmt::format("case of '{}' formatted as one of '{}'", the_case.op, form.name));
  std::string text = fmt::format("{}:{}", the_case.op, name_of(the_case.direction));
  const auto out = std::back_inserter(text);
  if (!form.dtypes.empty()) fmt::format_to(out, " dtype={}", name_of(the_case.dtype));
  for (const FieldSpec& spec : form.fields)
    if (const std::string& value = the_case.word(FieldName(spec.name)); value != spec.fallback)
      fmt::format_to(out, " {}={}", spec.name, value);
  if (the_case.raw_cu_seqlens) {
    fmt::format_to(out, " cu_seqlens={} cap={}", fmt::join(*the_case.raw_cu_seqlens, ","),
                   the_case.capacity);
  } else {
    fmt::format_to(out, " len={}", format_lengths(the_case.lengths));
    if (the_case.capacity != the_case.valid_tokens())
      fmt::format_to(out, " cap={}", the_case.capacity);
  }
  if (the_case.slack != SlackFill::nan) fmt::format_to(out, " slack={}", name_of(the_case.slack));
  if (the_case.fill != Fill::normal) fmt::format_to(out, " fill={}", name_of(the_case.fill));
  fmt::format_to(out, " seed={}", the_case.seed);
  if (!the_case.contract.empty()) fmt::format_to(out, " contract={}", the_case.contract);
  if (the_case.expect != Expect::pass) fmt::format_to(out, " expect={}", name_of(the_case.expect));
  return text;
}

}  // namespace packproof
