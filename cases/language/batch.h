// Batch files: one descriptor a line.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "cases/core/case.h"
#include "cases/language/op_lookup.h"

namespace packproof {

struct BatchLine {
  Case the_case;
  std::size_t line = 0;  // from 1
};

// Every descriptor of the file `text`, in order. Blank lines are skipped; '#' starts a comment at
// the start of a line or after a blank (so not within a link). Throws CaseError
// "ORIGIN:LINE: ...", also when there is no descriptor at all.
std::vector<BatchLine> parse_batch(std::string_view text, std::string_view origin,
                                   const OpLookup& ops);

}  // namespace packproof
