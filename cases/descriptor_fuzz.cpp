// libFuzzer: a descriptor parses or throws CaseError, and what parses round-trips.
#include <cstdlib>
#include <string>

#include "cases/fuzzed_ops.h"
#include "cases/packing/batch.h"

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

}  // namespace

// Every fourth input is a valid descriptor, or one with a word of another.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  PhiloxSequence random(seed, 0);
  const std::string text(reinterpret_cast<const char*>(data), size);
  switch (random.below(8)) {
    case 0:
      return replace_input(data, size, most, valid_descriptor(random));
    case 1:
      return replace_input(data, size, most, with_another_word(text, random));
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
