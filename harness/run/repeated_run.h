// A candidate that must give the same bits in every run (contract C10).
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "harness/run/candidate.h"

namespace packproof::harness {

// A later run gave other bits than the first. Thrown in the candidate's process.
struct OtherBits : std::runtime_error {
  OtherBits(std::string in_tensor, const std::string& what)
      : std::runtime_error(what), tensor(std::move(in_tensor)) {}
  std::string tensor;
};

// The candidate of run 0, 1, ...: the same one, but for the order in which a host executor runs.
using CandidateOfRun = std::function<Candidate(int run)>;

// Runs each case `runs` times (at least once) on the same inputs and on outputs that start alike,
// in one process, and throws OtherBits where a run differs from the first.
Candidate repeated(const CandidateOfRun& candidate, int runs);

}  // namespace packproof::harness
