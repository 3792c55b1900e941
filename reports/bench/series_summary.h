// What a reader wants to know of each series of a benchmark row: the numbers of every report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/bench/bench_run.h"

namespace packproof::reports {

// Everything but `series` is absent unless the series is timed.
struct SeriesSummary {
  const Series* series = nullptr;
  std::optional<double> median_us, low_us, high_us;  // low and high: 95 % interval of the median
  // Of the definition's bytes and FLOPs, over valid tokens: a padded baseline moves more than that.
  std::optional<double> gb_s, tflop_s, valid_tokens_s;
  std::optional<double> copy_share, matmul_share;  // of the ceilings of the same run, 1 is all
  std::optional<double> floor_ratio;               // median over the floor, at least 1
  // Against other implementations of the row under the same clock; above 1 this one is faster.
  std::optional<double> over_padded, over_peer;
  std::string peer;  // the fastest other implementation that is not padded
};

// "padded LibTorch" and the like: what a user would do without packing.
bool is_padded(const Series& series);

// Whether the run's ceilings are of the machine that `clock` measures: host times beside GPU times
// have none.
bool has_ceilings(const BenchRun& run, Clock clock);

// One a series, in the row's order.
std::vector<SeriesSummary> summarize_series(const BenchRow& row, const BenchRun& run);

// One line over a run, for its first implementation under the clock that has most of its times.
struct BenchHeadline {
  std::string implementation;
  Clock clock = Clock::host;
  std::int64_t rows = 0;              // rows of BenchPart::shapes that it is timed in; else of all
  std::int64_t rows_with_padded = 0;  // those with a padded baseline under the same clock
  std::int64_t rows_slower = 0;       // those in which the padded baseline is faster
  double over_padded = 0;             // geometric mean over them; 0 without any
  double best_share = 0;              // the largest share of a ceiling; 0 without ceilings
  std::string best_row;               // its title
};

// Nothing when no row has a time.
std::optional<BenchHeadline> headline_of(const BenchRun& run);

// Stands wherever host times stand.
inline constexpr std::string_view kHostTimeNote = "host time: says nothing about a GPU";

}  // namespace packproof::reports
