// Judges what is about to be timed: only what passes is.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "cases/core/case.h"
#include "harness/candidates/candidate.h"

namespace packproof::harness {

struct JudgeCasesOptions {
  Candidate candidate = find_candidate(kDefaultCandidate);
  int jobs = 1;                       // cases at a time
  std::chrono::seconds timeout{120};  // a case
};

// Descriptors of cases that did not pass, with why.
using NotPassed = std::map<std::string, std::string>;

// The candidate on these cases, each in a process of its own. For a process that has not yet
// started CUDA or LibTorch's threads.
NotPassed judge_cases(const std::vector<Case>& cases, const JudgeCasesOptions& options);

}  // namespace packproof::harness
