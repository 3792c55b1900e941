// libFuzzer: a descriptor parses or throws CaseError, and what parses round-trips.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "cases/language/batch.h"
#include "cases/testing/fuzzed_ops.h"

namespace {

using namespace packproof;

void check(bool holds) {
  if (!holds) std::abort();
}

void fuzz_descriptor(std::string_view text, const OpLookup& ops) {
  Case parsed;
  try {
    parsed = parse_descriptor(text, ops);
  } catch (const CaseError&) {
    return;
  }
  const OpForm& form = *fuzzed_form(parsed.op);
  const std::string line = format_descriptor(parsed, form);
  const Case again = parse_descriptor(line, ops);
  parsed.source.clear();
  check(again == parsed);
  check(format_descriptor(again, form) == line);
}

void fuzz_batch(std::string_view text, const OpLookup& ops) {
  try {
    parse_batch(text, "fuzz", ops);
  } catch (const CaseError&) {
  }
}

std::string valid_descriptor(PhiloxSequence& random) {
  const Case c = valid_case(random);
  return format_descriptor(c, *fuzzed_form(c.op));
}

// The words of `text`, one of them from another descriptor.
std::string with_another_word(std::string text, PhiloxSequence& random) {
  const std::string other = valid_descriptor(random);
  const auto word_at = [&](const std::string& line) {
    const std::size_t near = random.below(static_cast<std::uint32_t>(line.size() + 1));
    const std::size_t begin =
        line.rfind(' ', near) == std::string::npos ? 0 : line.rfind(' ', near);
    return std::pair{begin, std::min(line.find(' ', begin + 1), line.size()) - begin};
  };
  const auto [at, length] = word_at(text);
  const auto [from, taken] = word_at(other);
  return text.replace(at, length, other, from, taken);
}

// A field of the op, or one that all have, with a value at the edge of what its form takes.
std::string edge_word(const OpForm& form, PhiloxSequence& random) {
  const auto one_of = [&](const std::vector<std::string>& texts) {
    return texts[random.below(static_cast<std::uint32_t>(texts.size()))];
  };
  if (form.fields.empty() || random.below(2) == 0)
    return one_of({"dtype=fp16", "dtype=fp32", "len=0", "len=1,0,2", "len=3*2", "len=9999999999",
                   "cu_seqlens=0,2,1", "cu_seqlens=-1", "cap=0", "cap=64", "slack=huge",
                   "fill=specials", "fill=integers", "seed=18446744073709551615", "seed=-1",
                   "contract=C3", "expect=refused", "expect=pass", "source=a"});
  const FieldSpec& field =
      form.fields[random.below(static_cast<std::uint32_t>(form.fields.size()))];
  std::vector<std::string> values = field.choices;
  values.insert(values.end(), field.refused.begin(), field.refused.end());
  for (const std::int64_t edge : {field.min, field.max})
    for (const std::int64_t beside : {-1, 0, 1}) values.push_back(std::to_string(edge + beside));
  values.insert(values.end(), {field.fallback, "", "word", "01", "1e3"});
  return field.name + "=" + one_of(values);
}

// The descriptor with one field changed or added.
std::string with_edge_value(std::string text, PhiloxSequence& random) {
  const OpForm* form = fuzzed_form(std::string_view(text).substr(0, text.find_first_of(": ")));
  if (form == nullptr) return valid_descriptor(random);
  const std::string word = edge_word(*form, random);
  const std::size_t at = text.find(" " + word.substr(0, word.find('=') + 1));
  if (at == std::string::npos) return text + " " + word;
  const std::size_t end = std::min(text.find(' ', at + 1), text.size());
  return text.replace(at + 1, end - at - 1, word);
}

}  // namespace

// Half of the inputs are a valid descriptor, or one with another word or an edge value.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  PhiloxSequence random(seed, 0);
  const std::string text(reinterpret_cast<const char*>(data), size);
  switch (random.below(8)) {
    case 0:
      return replace_input(data, size, most, valid_descriptor(random));
    case 1:
      return replace_input(data, size, most, with_another_word(text, random));
    case 2:
    case 3:
      return replace_input(data, size, most, with_edge_value(text, random));
    default:
      return LLVMFuzzerMutate(data, size, most);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const OpLookup ops = fuzzed_ops();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz_descriptor(text, ops);
  fuzz_batch(text, ops);
  return 0;
}
