// Who is on trial and how it runs: --candidate, --schedule, --comm, --repeat.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "harness/candidates/candidate.h"

namespace packproof::harness {

struct CandidateOptions {
  std::string candidate{kDefaultCandidate};
  std::string schedule;
  std::string comm;
  int repeat = 1;
};

void add_candidate_options(CLI::App& command, CandidateOptions& options);

// Throws CaseError on a name that is none, and where ranks or a GPU cannot be had.
Candidate chosen_candidate(const CandidateOptions& options);

}  // namespace packproof::harness
