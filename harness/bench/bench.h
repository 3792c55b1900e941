// A whole benchmark: judge, then time what passed, each in processes of their own.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "harness/bench/bench_plan.h"
#include "harness/bench/judge_cases.h"
#include "harness/bench/row_timer.h"
#include "reports/bench/bench_run.h"

namespace packproof::harness {

struct BenchOptions {
  BenchSelection selection;
  TimingOptions timing;
  std::string against;  // the program of another build to take turns with, or empty
  int jobs = 1;         // cases judged at a time
  std::chrono::seconds judge_timeout{120};   // a case
  std::chrono::seconds timing_timeout{120};  // a row
};

struct BenchRuns {
  reports::BenchRun run;
  std::optional<reports::BenchRun> other;  // of the other build, which took turns
  NotPassed not_passed;                    // of our kernels, which are not timed there
};

// Who wants to know how it goes on; each may be empty.
struct BenchEvents {
  std::function<void(const std::string& line)> progress;  // "judged 12 cases: ..."
  // May add series of its own.
  std::function<void(reports::BenchRow& row)> timed;
  std::function<void(const BenchRuns& runs)> so_far;  // after each row
};

// Fills in device, ceilings and rows, of the other build its environment too; a row whose process
// died says so in its series, and so does one whose case did not pass. Throws CaseError when
// nothing is selected, and where the other build cannot be started.
BenchRuns run_bench(const BenchOptions& options, const BenchEvents& events);

}  // namespace packproof::harness
