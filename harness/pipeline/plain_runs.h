// Runs of the plain low-precision implementation, from which limits are measured.
#pragma once

#include <deque>
#include <vector>

#include "harness/memory/call_memory.h"
#include "harness/ops/op.h"
#include "harness/verdict/judge.h"

namespace packproof::harness {

class PlainRuns {
 public:
  // The case's own inputs, whose reference is given, and four more seeds of the same case. None
  // when the op has no plain implementation (all its outputs are judged by bits). Keeps references
  // to all four.
  PlainRuns(const Op& op, const Case& the_case, const Signature& signature,
            const ReferenceResult& reference);

  std::vector<verdict::PlainRun> runs() const { return runs_; }

  // The i-th run of seeds beyond those; run when first asked for.
  verdict::PlainRun further(std::size_t i);

 private:
  // Of the next seed; `reference` is that of its inputs, or nullptr where it is to be computed.
  verdict::PlainRun run_next(const ReferenceResult* reference);

  const Op& op_;
  const Case& case_;
  const Signature& signature_;
  std::deque<CallMemory> memory_;
  std::deque<ReferenceResult> references_;
  std::vector<verdict::PlainRun> runs_;
  std::vector<verdict::PlainRun> further_;
};

}  // namespace packproof::harness
