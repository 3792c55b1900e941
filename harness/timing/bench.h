// A whole benchmark: judge, then time what passed, each in processes of their own.
#pragma once

#include <chrono>
#include <functional>

#include "harness/timing/bench_plan.h"
#include "harness/timing/time_row.h"
#include "reports/bench_run.h"

namespace packproof::harness {

struct BenchOptions {
  BenchSelection selection;
  TimingOptions timing;
  int jobs = 1;                              // cases judged at a time
  std::chrono::seconds judge_timeout{120};   // a case
  std::chrono::seconds timing_timeout{120};  // a row
};

// Who wants to know how it goes on; each may be empty.
struct BenchEvents {
  std::function<void(const std::string& line)> progress;  // "judged 12 cases: ..."
  // May add series of its own.
  std::function<void(reports::BenchRow& row)> timed;
};

// Fills in device, ceilings and rows; a row whose process died says so in its series, and so does
// one whose case did not pass. Throws CaseError when nothing is selected.
reports::BenchRun run_bench(const BenchOptions& options, const BenchEvents& events);

}  // namespace packproof::harness
