#include "reports/bench/bench_text.h"

#include <fmt/core.h>

#include "reports/statistics/statistics.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

// The padded baseline's median under the same clock; 0 if there is none.
double padded_median(const BenchRow& row, Clock clock) {
  for (const Series& series : row.series)
    if (series.implementation == "padded LibTorch" && series.state == SeriesState::timed &&
        series.clock == clock && !series.samples_us.empty())
      return median(series.samples_us);
  return 0;
}

std::string series_text(const BenchRow& row, const Series& series) {
  const std::string name =
      fmt::format("  {:<16} {:<20}", series.implementation, name_of(series.clock));
  if (series.state != SeriesState::timed)
    return fmt::format("{} {}: {}\n", name, name_of(series.state), series.detail);
  if (series.samples_us.empty()) return name + " no samples\n";
  const double us = median(series.samples_us);
  std::string line =
      fmt::format("{} {:>10}  {:>8.2f} GB/s", name, time_text(us), row.bytes / us * 1e-3);
  if (row.flops > 0) line += fmt::format("  {:>8.3g} TFLOP/s", row.flops / us * 1e-6);
  const double padded = padded_median(row, series.clock);
  if (padded > 0 && series.implementation != "padded LibTorch")
    line += "  " + speed_text(padded / us, "padded");
  return line + "\n";
}

}  // namespace

std::string time_text(double us) {
  if (us < 1e3) return fmt::format("{:.4g} us", us);
  if (us < 1e6) return fmt::format("{:.4g} ms", us * 1e-3);
  return fmt::format("{:.4g} s", us * 1e-6);
}

std::string speed_text(double ratio, std::string_view other, std::string_view times) {
  if (ratio >= 1) return fmt::format("{:.2f}{} as fast as {}", ratio, times, other);
  return fmt::format("{:.2f}{} slower than {}", 1 / ratio, times, other);
}

std::string row_text(const BenchRow& row) {
  std::string text = fmt::format("{}  ({} in {}, {:.0f}% padding)\n", title_of(row),
                                 counted(row.valid_tokens, "token"),
                                 counted(row.segments, "segment"), 100 * row.padding_share);
  for (const Series& series : row.series) text += series_text(row, series);
  return text;
}

BenchCounts count_series(const BenchRun& run) {
  BenchCounts counts{.rows = static_cast<std::int64_t>(run.rows.size())};
  for (const BenchRow& row : run.rows)
    for (const Series& series : row.series) {
      counts.timed += series.state == SeriesState::timed;
      counts.not_timed += series.state == SeriesState::not_timed;
      counts.refused += series.state == SeriesState::refused;
    }
  return counts;
}

std::string counts_line(const BenchCounts& counts) {
  return fmt::format("{}: {} series timed, {} not timed, {} refused", counted(counts.rows, "row"),
                     counts.timed, counts.not_timed, counts.refused);
}

}  // namespace packproof::reports
