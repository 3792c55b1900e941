// What kind of fault the failed units look like. A hint for the reader: no verdict.
#pragma once

#include <string>

#include "harness/evidence/failed_cells.h"
#include "harness/evidence/output_judge.h"
#include "harness/evidence/output_layout.h"

namespace packproof::verdict {

struct FaultGuess {
  std::string kind;     // "leak across a boundary", ...; empty where the evidence is thin
  std::string because;  // the evidence, one line
};

// Looks at the cells that failed, at a bounded number of wrong elements in them and, if there is
// evidence.what_if and the call is small, at what the reference gives under some faults.
FaultGuess guess_fault(const OutputEvidence& evidence, const OutputLayout& layout,
                       const FailedCells& failed);

}  // namespace packproof::verdict
