#include "harness/bench/judge_cases.h"

#include <fmt/format.h>

#include "harness/pipeline/case_pool.h"

namespace packproof::harness {

NotPassed judge_cases(const std::vector<Case>& cases, const JudgeCasesOptions& options) {
  NotPassed failed;
  // A failure of the harness is a record too.
  run_cases(cases, options.candidate, {.jobs = options.jobs, .judge = {.timeout = options.timeout}},
            {.started = {},
             .finished =
                 [&](std::size_t, const reports::Record& record) {
                   if (record.outcome != reports::Outcome::pass)
                     failed[record.descriptor] = fmt::format(
                         "{}{}{}; see {}", name_of(record.outcome),
                         record.detail.empty() ? "" : ": ", record.detail, record.repro);
                 },
             .tick = {}});
  return failed;
}

}  // namespace packproof::harness
