// From one case to its record: read this first.
#pragma once

#include <chrono>

#include "cases/core/case.h"
#include "harness/candidates/candidate.h"
#include "harness/ops/op.h"
#include "reports/records/record.h"

namespace packproof::harness {

class CandidateProcess;

struct JudgeOptions {
  std::chrono::milliseconds timeout = std::chrono::seconds(60);  // of the candidate
  CandidateProcess* process = nullptr;  // that it runs in; null: one for this case alone
};

// case -> inputs -> candidate | reference | baseline -> verdict -> record.
// Never throws for what the candidate does; throws for what the harness itself cannot do.
reports::Record judge(const Op& op, const Case& the_case, const Candidate& candidate,
                      const JudgeOptions& options);

}  // namespace packproof::harness
