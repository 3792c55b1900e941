// Our kernels on the host executor.
#pragma once

#include "harness/candidates/candidate_kind.h"
#include "harness/candidates/schedule.h"
#include "harness/ops/op.h"
#include "harness/ranks/thread_ranks.h"

namespace packproof::harness {

inline constexpr std::string_view kSimt = "simt";

CandidateKind simt_kind();

// Runs the op's own kernels on the call's memory, and leaves the executor's options so for the rest
// of the process. Throws Refusal.
Returned run_on_simt(const Op& op, const Call& call, const Schedule& schedule = {},
                     const RunRanks& ranks = thread_ranks());

}  // namespace packproof::harness
