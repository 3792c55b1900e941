// Our kernels on the host executor.
#pragma once

#include "harness/comm/thread_ranks.h"
#include "harness/ops/op.h"
#include "harness/run/schedule.h"

namespace packproof::harness {

// Runs the op's own kernels on the call's memory, and leaves the executor's options so for the rest
// of the process. Throws Refusal.
Returned run_on_simt(const Op& op, const Call& call, const Schedule& schedule = {},
                     const RunRanks& ranks = thread_ranks());

}  // namespace packproof::harness
