// Descriptors: a case as one line of text.
//
//   op[:fwd|:bwd] key=value ...
//
// Keys are the op's own fields and the common ones: dtype, len (or, for broken ones, cu_seqlens),
// cap, slack, fill, seed, contract, expect, source. The direction is fwd when absent.
#pragma once

#include <string>
#include <string_view>

#include "cases/core/case.h"
#include "cases/core/op_form.h"
#include "cases/language/op_lookup.h"

namespace packproof {

// Throws CaseError "column N: what is wrong; what would do", columns counted in bytes from 1.
// Errors that the op's own signature throws pass through as they are.
Case parse_descriptor(std::string_view text, const OpLookup& ops);

// The canonical line: direction always; dtype if the op has one; op fields that differ from their
// fallback, in the form's order; len or cu_seqlens; cap, slack, fill, contract and expect where
// they are not the default; seed always; never source. Parses back to the same case, but for
// `source`. The case must be one of this op, as a parser makes them.
std::string format_descriptor(const Case& the_case, const OpForm& form);

}  // namespace packproof
