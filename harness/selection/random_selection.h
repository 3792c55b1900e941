// Random cases as a selection.
#pragma once

#include <vector>

#include "harness/candidates/candidate.h"
#include "harness/selection/case_selection.h"

namespace packproof::harness {

// `selection.random` cases of `selection.seed` (1 where none is given), of ops that the candidate
// offers, that a filter matches and that have the ranks asked for. Says on stderr what was drawn.
// Throws CaseError where no draw of any op is such a case.
std::vector<Case> random_selection(const Selection& selection, const Candidate& candidate);

}  // namespace packproof::harness
