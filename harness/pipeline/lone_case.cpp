// What is said of records, and of a case alone: apart from the pool, which starts processes, so
// that a program can have a pool of its own (cli/command_line_fuzz.cpp).
#include <utility>

#include "harness/pipeline/case_pool.h"
#include "harness/process/harness_failure.h"

namespace packproof::harness {

bool is_failure(const reports::Record& record) {
  using reports::Outcome;
  if (record.known_bug) return false;
  return record.outcome == Outcome::mismatch || record.outcome == Outcome::refused ||
         record.outcome == Outcome::crashed || record.outcome == Outcome::timed_out;
}

bool is_harness_failure(const reports::Record& record) {
  return record.outcome == reports::Outcome::mistrusted &&
         record.detail.starts_with(kHarnessFailed);
}

LoneResult run_case(const Case& the_case, const Candidate& candidate, const JudgeOptions& options) {
  LoneResult lone;
  lone.harness_failed =
      !run_cases(std::span(&the_case, 1), candidate, {.jobs = 1, .judge = options},
                 {.finished = [&](std::size_t, reports::Record r) { lone.record = std::move(r); }})
           .harness_failures.empty();
  return lone;
}

}  // namespace packproof::harness
