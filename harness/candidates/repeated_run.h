// A candidate that must give the same bits in every run (contract C10).
#pragma once

#include <functional>

#include "harness/candidates/candidate.h"

namespace packproof::harness {

// The candidate of run 0, 1, ...: the same one, but for the order in which a host executor runs.
using CandidateOfRun = std::function<Candidate(int run)>;

// Runs each case `runs` times (at least once) on the same inputs and on outputs that start alike,
// in one process, and throws OtherBits where a run differs from the first.
Candidate repeated(const CandidateOfRun& candidate, int runs);

}  // namespace packproof::harness
