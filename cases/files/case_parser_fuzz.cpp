// libFuzzer: a case file parses or throws CaseError, and what parses round-trips.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "cases/files/case_file.h"
#include "cases/testing/fuzzed_ops.h"
#include "cases/testing/mutated_json.h"

namespace {

using namespace packproof;

// One of those in the ops' folders, or one made of a valid case.
std::string valid_case_file(PhiloxSequence& random) {
  const std::vector<std::string_view>& shipped = shipped_case_files();
  if (random.below(2) == 0)
    return std::string(shipped[random.below(static_cast<std::uint32_t>(shipped.size()))]);
  const CaseFile file{.the_case = valid_case(random), .title = "a title", .why = "a reason"};
  return format_case_file(file, *fuzzed_form(file.the_case.op));
}

}  // namespace

// Every eighth input is a valid case file; half are JSON with one value changed.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  PhiloxSequence random(seed, 0);
  const std::uint32_t kind = random.below(8);
  if (kind == 0) return replace_input(data, size, most, valid_case_file(random));
  if (kind > 4) return LLVMFuzzerMutate(data, size, most);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  return replace_input(data, size, most, JsonMutator(random, valid_case_file(random))(text));
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
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
