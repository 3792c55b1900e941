// Times rows in processes of their own: a row that ends its process is not the end of the run.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "harness/bench/bench_plan.h"
#include "harness/bench/judge_cases.h"
#include "harness/bench/row_timer.h"
#include "harness/bench/time_in_turns.h"

namespace packproof::harness {

// The build that rows are timed in turns with.
struct OtherSide {
  std::string program;
  NotPassed not_passed;  // by its own judgement
};

// Times all rows in their order, those of one op and part in one process; `timeout` is that of a
// row of one side. `timed` gets each row as soon as its process has ended. Our kernels are not
// timed where `not_passed` has the judged case; in a row that ended its process nothing is. Both
// say why. With `other`, not null, both sides take turns. Throws std::system_error when no process
// or temporary file can be had.
void time_rows(const std::vector<PlannedRow>& planned, const NotPassed& not_passed,
               const TimingOptions& options, const OtherSide* other, std::chrono::seconds timeout,
               const std::function<void(TimedRow)>& timed);

}  // namespace packproof::harness
