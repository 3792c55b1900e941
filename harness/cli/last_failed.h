// What failed in the last run of the gate: --lf and --ff.
#pragma once

#include <string>
#include <vector>

#include "cases/packing/case.h"

namespace packproof::harness {

// Descriptors of the cases that failed in the last run that the run folder keeps; none if all
// passed. Throws CaseError where there was no run.
std::vector<std::string> last_failures();

// Puts those of `cases` that have one of these descriptors first, each part in its own order.
void put_first(std::vector<Case>& cases, const std::vector<std::string>& descriptors);

}  // namespace packproof::harness
