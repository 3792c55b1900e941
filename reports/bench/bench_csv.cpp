#include "reports/bench/bench_csv.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "reports/statistics/statistics.h"

namespace packproof::reports {
namespace {

constexpr std::string_view kHeader =
    "part,op,direction,model,lengths,descriptor,segments,valid_tokens,padded_tokens,"
    "implementation,clock,state,detail,samples,median_us,fastest_us,gb_per_s,tflop_per_s\n";

std::string in_csv(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string times_in_csv(const BenchRow& row, const Series& series) {
  if (series.state != SeriesState::timed || series.samples_us.empty()) return ",,,,";
  const double us = median(series.samples_us);
  return fmt::format("{},{:.6g},{:.6g},{:.6g},{}", series.samples_us.size(), us,
                     std::ranges::min(series.samples_us), row.bytes / us * 1e-3,
                     row.flops > 0 ? fmt::format("{:.6g}", row.flops / us * 1e-6) : std::string());
}

}  // namespace

std::string bench_csv(const BenchRun& run) {
  std::string text(kHeader);
  for (const BenchRow& row : run.rows)
    for (const Series& series : row.series)
      text +=
          fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", name_of(row.part),
                      in_csv(row.op), in_csv(row.direction), in_csv(row.model), in_csv(row.lengths),
                      in_csv(row.descriptor), row.segments, row.valid_tokens, row.padded_tokens,
                      in_csv(series.implementation), in_csv(name_of(series.clock)),
                      name_of(series.state), in_csv(series.detail), times_in_csv(row, series));
  return text;
}

}  // namespace packproof::reports
