// Runs of the plain low-precision implementation, from which limits are measured.
#pragma once

#include <deque>
#include <vector>

#include "harness/compare/compare.h"
#include "harness/ops/op.h"
#include "harness/run/call_memory.h"

namespace packproof::harness {

class PlainRuns {
 public:
  // The case's own inputs, whose reference is given, and four more seeds of the same case. None
  // when the op has no plain implementation (all its outputs are judged by bits). Keeps references
  // to all four.
  PlainRuns(const Op& op, const Case& the_case, const Signature& signature,
            const ReferenceResult& reference);

  std::vector<compare::PlainRun> runs() const { return runs_; }

  // The i-th run of seeds beyond those; run when first asked for.
  compare::PlainRun further(std::size_t i);

 private:
  // Of the next seed; `reference` is that of its inputs, or nullptr where it is to be computed.
  compare::PlainRun run_next(const ReferenceResult* reference);

  const Op& op_;
  const Case& case_;
  const Signature& signature_;
  std::deque<CallMemory> memory_;
  std::deque<ReferenceResult> references_;
  std::vector<compare::PlainRun> runs_;
  std::vector<compare::PlainRun> further_;
};

}  // namespace packproof::harness
