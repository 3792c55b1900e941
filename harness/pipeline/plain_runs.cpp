#include "harness/pipeline/plain_runs.h"

#include <algorithm>

namespace packproof::harness {
namespace {

// The error of one low-precision run varies by a factor of about two between seeds; the largest of
// five is a steady estimate (decision-verdict.md).
constexpr std::uint64_t kSeeds = 5;

}  // namespace

PlainRuns::PlainRuns(const Op& op, const Case& the_case, const Signature& signature,
                     const ReferenceResult& reference)
    : op_(op), case_(the_case), signature_(signature) {
  const bool any_tolerance =
      std::any_of(signature.outputs.begin(), signature.outputs.end(),
                  [](const OutputSpec& output) { return output.judged == Judged::tolerance; });
  if (op.plain == nullptr || !any_tolerance) return;
  while (runs_.size() < kSeeds) runs_.push_back(run_next(runs_.empty() ? &reference : nullptr));
}

verdict::PlainRun PlainRuns::further(std::size_t i) {
  while (further_.size() <= i) further_.push_back(run_next(nullptr));
  return further_[i];
}

verdict::PlainRun PlainRuns::run_next(const ReferenceResult* reference) {
  const CallMemory& memory = memory_.emplace_back(case_, signature_, memory_.size());
  op_.plain(memory.call());
  if (reference == nullptr) reference = &references_.emplace_back(op_.reference(memory.call()));
  return {.outputs = memory.call().outputs, .reference = reference};
}

}  // namespace packproof::harness
