// A benchmark run as a table for spreadsheets and scripts.
#pragma once

#include <string>

#include "reports/bench/bench_run.h"

namespace packproof::reports {

// A header, then a line for each series of each row, by RFC 4180 but with "\n" at the ends of
// lines. What was not timed has no numbers, and its reason under detail.
std::string bench_csv(const BenchRun& run);

}  // namespace packproof::reports
