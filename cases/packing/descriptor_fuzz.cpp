// libFuzzer: a descriptor parses or throws CaseError, and what parses round-trips.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cases/packing/batch.h"
#include "cases/packing/call.h"
#include "cases/packing/descriptor.h"
#include "cases/packing/toy_op_form.h"

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
  const OpForm& form = toy_form_of(parsed);
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const OpLookup ops = toy_ops();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz_descriptor(text, ops);
  fuzz_batch(text, ops);
  return 0;
}
