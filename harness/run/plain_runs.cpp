#include "harness/run/plain_runs.h"

#include <algorithm>

namespace packproof::harness {
namespace {

// The error of one low-precision run varies by a factor of about two between seeds; the largest of
// five is a steady estimate (decision-verdict.md).
constexpr std::uint64_t kSeeds = 5;

}  // namespace

PlainRuns::PlainRuns(const Op& op, const Case& the_case, const Signature& signature,
                     const ReferenceResult& reference) {
  const bool any_tolerance =
      std::any_of(signature.outputs.begin(), signature.outputs.end(),
                  [](const OutputSpec& output) { return output.judged == Judged::tolerance; });
  if (op.plain == nullptr || !any_tolerance) return;
  for (std::uint64_t offset = 0; offset < kSeeds; ++offset) {
    CallMemory& memory = memory_.emplace_back(the_case, signature, offset);
    op.plain(memory.call());
    const ReferenceResult* of_these_inputs = &reference;
    if (offset > 0) of_these_inputs = &references_.emplace_back(op.reference(memory.call()));
    runs_.push_back({.outputs = memory.call().outputs, .reference = of_these_inputs});
  }
}

}  // namespace packproof::harness
