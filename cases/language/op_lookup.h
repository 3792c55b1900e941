// How the parsers find ops, without depending on the list of them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/core/case_text.h"
#include "cases/core/op_form.h"

namespace packproof {

struct OpLookup {
  std::function<const OpForm*(std::string_view)> find;  // nullptr if there is no such op
  std::vector<std::string> names;                       // all of them, for error messages
};

// The op of that name. Throws CaseError at `place`, with the nearest name.
const OpForm& find_op(const OpLookup& ops, std::string_view name, const TextPlace& place);

// "fwd" or "bwd", if the op has it. Throws CaseError at `place`.
Direction read_direction(const OpForm& form, std::string_view text, const TextPlace& place);

}  // namespace packproof
