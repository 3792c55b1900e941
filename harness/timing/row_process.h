// Times rows in processes of their own: a row that ends its process is not the end of the run.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/timing/bench_plan.h"
#include "harness/timing/time_row.h"
#include "reports/bench_run.h"

namespace packproof::harness {

// Descriptors of judged cases that did not pass, with why.
using NotPassed = std::map<std::string, std::string>;

// Times all rows in their order, those of one op and part in one process; `timeout` is that of a
// row. `timed` gets each row as soon as its process has ended. Our kernels are not timed where
// `not_passed` has the judged case; in a row that ended its process nothing is. Both say why.
// Throws std::system_error when no process or temporary file can be had.
void time_rows(const std::vector<PlannedRow>& planned, const NotPassed& not_passed,
               const TimingOptions& options, std::chrono::seconds timeout,
               const std::function<void(reports::BenchRow)>& timed);

}  // namespace packproof::harness
