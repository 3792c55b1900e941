#include "reports/bench/series_summary.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "reports/statistics/statistics.h"

namespace packproof::reports {
namespace {

bool is_timed(const Series& series) {
  return series.state == SeriesState::timed && !series.samples_us.empty();
}

// What stands alone: times, and rates against the ceilings.
SeriesSummary summarize_one(const Series& series, const BenchRow& row, const BenchRun& run) {
  SeriesSummary summary{.series = &series};
  if (!is_timed(series)) return summary;
  const double median = reports::median(series.samples_us);
  summary.median_us = median;
  if (const auto interval = median_interval(series.samples_us, 0.95)) {
    summary.low_us = interval->low;
    summary.high_us = interval->high;
  }
  if (!(median > 0)) return summary;
  summary.valid_tokens_s = static_cast<double>(row.valid_tokens) / median * 1e6;
  if (row.bytes > 0) summary.gb_s = row.bytes / median * 1e-3;
  if (row.flops > 0) summary.tflop_s = row.flops / median * 1e-6;
  if (!has_ceilings(run, series.clock)) return summary;
  const Ceilings& ceilings = run.ceilings;
  if (summary.gb_s && ceilings.copy_gb_s > 0)
    summary.copy_share = *summary.gb_s / ceilings.copy_gb_s;
  if (summary.tflop_s && ceilings.matmul_tflop_s > 0)
    summary.matmul_share = *summary.tflop_s / ceilings.matmul_tflop_s;
  if (const double floor = floor_us(row, ceilings); floor > 0) summary.floor_ratio = median / floor;
  return summary;
}

void compare(SeriesSummary& summary, const std::vector<SeriesSummary>& all) {
  if (!summary.median_us) return;
  const SeriesSummary* fastest = nullptr;
  for (const SeriesSummary& other : all) {
    if (&other == &summary || !other.median_us || other.series->clock != summary.series->clock)
      continue;
    if (is_padded(*other.series)) {
      if (!is_padded(*summary.series)) summary.over_padded = *other.median_us / *summary.median_us;
    } else if (fastest == nullptr || *other.median_us < *fastest->median_us) {
      fastest = &other;
    }
  }
  if (fastest == nullptr) return;
  summary.over_peer = *fastest->median_us / *summary.median_us;
  summary.peer = fastest->series->implementation;
}

constexpr std::array kClocks = {Clock::events_cold, Clock::graph_warm, Clock::host};

// The implementation that the run was made for comes first in its rows.
std::optional<BenchHeadline> first_timed(const BenchRun& run) {
  for (const BenchRow& row : run.rows)
    for (const Series& series : row.series)
      if (is_timed(series) && !is_padded(series))
        return BenchHeadline{.implementation = series.implementation};
  return std::nullopt;
}

std::int64_t times_of(const BenchRun& run, const BenchHeadline& headline, Clock clock) {
  std::int64_t times = 0;
  for (const BenchRow& row : run.rows)
    times += std::count_if(row.series.begin(), row.series.end(), [&](const Series& series) {
      return is_timed(series) && series.clock == clock &&
             series.implementation == headline.implementation;
    });
  return times;
}

void add_row(BenchHeadline& headline, double& log_sum, const BenchRow& row,
             const SeriesSummary& summary) {
  ++headline.rows;
  if (summary.over_padded && *summary.over_padded > 0) {
    ++headline.rows_with_padded;
    headline.rows_slower += *summary.over_padded < 1 ? 1 : 0;
    log_sum += std::log(*summary.over_padded);
  }
  const double share = std::max(summary.copy_share.value_or(0), summary.matmul_share.value_or(0));
  if (share <= headline.best_share) return;
  headline.best_share = share;
  headline.best_row = title_of(row);
}

}  // namespace

bool is_padded(const Series& series) { return series.implementation.starts_with("padded"); }

bool has_ceilings(const BenchRun& run, Clock clock) {
  if (clock != Clock::host) return true;
  return std::none_of(run.rows.begin(), run.rows.end(), [](const BenchRow& row) {
    return std::any_of(row.series.begin(), row.series.end(),
                       [](const Series& series) { return series.clock != Clock::host; });
  });
}

std::vector<SeriesSummary> summarize_series(const BenchRow& row, const BenchRun& run) {
  std::vector<SeriesSummary> all;
  all.reserve(row.series.size());
  for (const Series& series : row.series) all.push_back(summarize_one(series, row, run));
  for (SeriesSummary& summary : all) compare(summary, all);
  return all;
}

std::optional<BenchHeadline> headline_of(const BenchRun& run) {
  std::optional<BenchHeadline> headline = first_timed(run);
  if (!headline) return headline;
  headline->clock = *std::max_element(kClocks.begin(), kClocks.end(), [&](Clock a, Clock b) {
    return times_of(run, *headline, a) < times_of(run, *headline, b);
  });
  const bool any_shape = std::any_of(run.rows.begin(), run.rows.end(), [](const BenchRow& row) {
    return row.part == BenchPart::shapes;
  });
  double log_sum = 0;
  for (const BenchRow& row : run.rows) {
    if (any_shape && row.part != BenchPart::shapes) continue;
    for (const SeriesSummary& summary : summarize_series(row, run))
      if (summary.median_us && summary.series->clock == headline->clock &&
          summary.series->implementation == headline->implementation)
        add_row(*headline, log_sum, row, summary);
  }
  if (headline->rows_with_padded > 0)
    headline->over_padded = std::exp(log_sum / static_cast<double>(headline->rows_with_padded));
  return headline;
}

}  // namespace packproof::reports
