// libFuzzer: a case file parses or throws CaseError, and what parses round-trips.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cases/packing/call.h"
#include "cases/packing/case_file.h"
#include "cases/packing/toy_op_form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace packproof;
  static const OpLookup ops = toy_ops();
  CaseFile parsed;
  try {
    parsed = parse_case_file({reinterpret_cast<const char*>(data), size}, "fuzz", ops);
  } catch (const CaseError&) {
    return 0;
  }
  const OpForm& form = toy_form_of(parsed.the_case);
  const std::string text = format_case_file(parsed, form);
  const CaseFile again = parse_case_file(text, "again", ops);
  if (!(again == parsed) || format_case_file(again, form) != text) std::abort();
  return 0;
}
