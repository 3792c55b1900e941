// A benchmark run on a terminal, and times as all reports write them.
#pragma once

#include <string>
#include <string_view>

#include "reports/bench/bench_run.h"

namespace packproof::reports {

// Four digits: "12.31 us", "4.052 ms".
std::string time_text(double us);

// Of the times of another over these: "2.15x as fast as padded", or "4.00x slower than padded".
std::string speed_text(double ratio, std::string_view other, std::string_view times = "x");

// A row as lines: its title, then each series with its median, what it moves and computes a second,
// and its ratio to padded LibTorch under the same clock. Ends with a newline.
std::string row_text(const BenchRow& row);

struct BenchCounts {
  std::int64_t rows = 0;
  std::int64_t timed = 0, not_timed = 0, refused = 0;  // series
};
BenchCounts count_series(const BenchRun& run);

// "64 rows: 130 series timed, 2 not timed, 1 refused".
std::string counts_line(const BenchCounts& counts);

}  // namespace packproof::reports
