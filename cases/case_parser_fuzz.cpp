// libFuzzer: a case file parses or throws CaseError, and what parses round-trips.
#include <cstdlib>
#include <string>

#include "cases/fuzzed_ops.h"
#include "cases/packing/case_file.h"

// Every eighth input is a valid case file.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  using namespace packproof;
  PhiloxSequence random(seed, 0);
  if (random.below(8) != 0) return LLVMFuzzerMutate(data, size, most);
  const CaseFile file{.the_case = valid_case(random), .title = "a title", .why = "a reason"};
  return replace_input(data, size, most, format_case_file(file, *fuzzed_form(file.the_case.op)));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packproof;
  static const OpLookup ops = fuzzed_ops();
  CaseFile parsed;
  try {
    parsed = parse_case_file({reinterpret_cast<const char*>(data), size}, "fuzz", ops);
  } catch (const CaseError&) {
    return 0;
  }
  const OpForm& form = *fuzzed_form(parsed.the_case.op);
  const std::string text = format_case_file(parsed, form);
  const CaseFile again = parse_case_file(text, "again", ops);
  if (!(again == parsed) || format_case_file(again, form) != text) std::abort();
  return 0;
}
