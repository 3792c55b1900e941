// The part of html_data that shows benchmark runs.
#include <algorithm>
#include <optional>
#include <utility>

#include "reports/bench/series_summary.h"
#include "reports/html/html_data.h"
#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

Json optional_number(const std::optional<double>& value) {
  return value ? short_number(*value) : Json(nullptr);
}

// [slowest, fastest] SM clock in MHz; null where none was read.
Json clock_range(const Series& series) {
  if (series.sm_clock_mhz.empty()) return nullptr;
  const auto [low, high] =
      std::minmax_element(series.sm_clock_mhz.begin(), series.sm_clock_mhz.end());
  return {short_number(*low), short_number(*high)};
}

Json series_data(const SeriesSummary& summary) {
  const Series& series = *summary.series;
  return {{"implementation", printable(series.implementation)},
          {"padded", is_padded(series)},
          {"clock", name_of(series.clock)},
          {"host", series.clock == Clock::host},
          {"state", name_of(series.state)},
          {"detail", printable(series.detail)},
          {"samples", series.samples_us.size()},
          {"dropped", series.dropped},
          {"sm_mhz", clock_range(series)},
          {"median", optional_number(summary.median_us)},
          {"low", optional_number(summary.low_us)},
          {"high", optional_number(summary.high_us)},
          {"gb_s", optional_number(summary.gb_s)},
          {"tflop_s", optional_number(summary.tflop_s)},
          {"tokens_s", optional_number(summary.valid_tokens_s)},
          {"copy_share", optional_number(summary.copy_share)},
          {"matmul_share", optional_number(summary.matmul_share)},
          {"floor_ratio", optional_number(summary.floor_ratio)},
          {"over_padded", optional_number(summary.over_padded)},
          {"over_peer", optional_number(summary.over_peer)},
          {"peer", printable(summary.peer)}};
}

Json row_data(const BenchRow& row, const BenchRun& run) {
  Json series = Json::array();
  for (const SeriesSummary& summary : summarize_series(row, run))
    series.push_back(series_data(summary));
  return {{"part", name_of(row.part)},
          {"op", printable(row.op + ":" + row.direction)},
          {"model", printable(row.model)},
          {"lengths", printable(row.lengths)},
          {"title", printable(title_of(row))},
          {"descriptor", printable(row.descriptor)},
          {"judged", printable(row.judged)},
          {"segments", row.segments},
          {"tokens", row.valid_tokens},
          {"padded_tokens", row.padded_tokens},
          {"padding_share", short_number(row.padding_share)},
          {"longest_share", short_number(row.longest_share)},
          {"bytes", short_number(row.bytes)},
          {"flops", short_number(row.flops)},
          {"padded_flops", short_number(row.padded_flops)},
          {"floor", short_number(floor_us(row, run.ceilings))},
          {"series", std::move(series)}};
}

Json headline_data(const BenchRun& run) {
  const std::optional<BenchHeadline> headline = headline_of(run);
  if (!headline) return nullptr;
  return {{"implementation", printable(headline->implementation)},
          {"clock", name_of(headline->clock)},
          {"host", headline->clock == Clock::host},
          {"rows", headline->rows},
          {"rows_with_padded", headline->rows_with_padded},
          {"rows_slower", headline->rows_slower},
          {"over_padded", short_number(headline->over_padded)},
          {"best_share", short_number(headline->best_share)},
          {"best_row", printable(headline->best_row)}};
}

}  // namespace

Json bench_data(const Named<BenchRun>& named) {
  const BenchRun& run = named.run;
  Json rows = Json::array();
  for (const BenchRow& row : run.rows) rows.push_back(row_data(row, run));
  return {{"name", printable(named.name)},
          {"file", printable(named.file)},
          {"command", printable(run.command)},
          {"started", printable(run.started)},
          {"elapsed", duration_text(run.elapsed_s)},
          {"device", printable(run.device)},
          {"environment", environment_pairs(run.environment)},
          {"host_note", kHostTimeNote},
          {"ceilings",
           {{"copy_gb_s", short_number(run.ceilings.copy_gb_s)},
            {"matmul_tflop_s", short_number(run.ceilings.matmul_tflop_s)},
            {"how", printable(run.ceilings.how)}}},
          {"headline", headline_data(run)},
          {"rows", std::move(rows)}};
}

}  // namespace packproof::reports
