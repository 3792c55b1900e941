// Our kernels on the GPU.
#pragma once

#include <string>

#include "harness/memory/call_memory.h"
#include "harness/ops/op.h"
#include "harness/ranks/rank_call.h"

namespace packproof::harness {

// Why the candidate `cuda` cannot run here; empty if it can. Asks in a child process: a process
// that has touched CUDA must not fork candidates.
std::string why_no_cuda();

// Copies the call to the device with its guards, runs the op's kernels, and copies all back, so
// that what they wrote and overwrote shows in `memory`. Throws Refusal, and std::runtime_error on a
// CUDA error.
Returned run_on_cuda(const Op& op, CallMemory& memory, const RunRanks& ranks);
// The same for a call that nobody guards.
Returned run_on_cuda(const Op& op, const Call& call, const RunRanks& ranks);

}  // namespace packproof::harness
