#include "harness/cli/gate/gate_verdict.h"

#include <algorithm>

#include "harness/pipeline/case_pool.h"
#include "reports/records/scope.h"

namespace packproof::harness {

ExitCode exit_code_of(const reports::RunReport& run, Strictness strictness, Reports written) {
  using reports::Outcome;
  const auto is = [](Outcome outcome) {
    return [outcome](const reports::Record& record) { return record.outcome == outcome; };
  };
  const auto& records = run.records;
  if (std::any_of(records.begin(), records.end(), is_failure)) return ExitCode::mismatch;
  if (written == Reports::lacking || !is_whole(run) ||
      std::any_of(records.begin(), records.end(), is_harness_failure))
    return ExitCode::infrastructure;
  if (strictness == Strictness::strict &&
      std::any_of(records.begin(), records.end(), is(Outcome::mistrusted)))
    return ExitCode::inconclusive;
  if (records.empty() && run.scope && run.scope->cases > 0) return ExitCode::pass;
  return std::all_of(records.begin(), records.end(), is(Outcome::skipped)) ? ExitCode::all_skipped
                                                                           : ExitCode::pass;
}

}  // namespace packproof::harness
