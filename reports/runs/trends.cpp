#include "reports/runs/trends.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "reports/bench/series_summary.h"
#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

// History first, then what it lacks, by start.
template <class Run>
std::vector<const Named<Run>*> all_runs(const std::vector<Named<Run>>& history,
                                        const std::vector<Named<Run>>& runs) {
  std::vector<const Named<Run>*> all;
  all.reserve(history.size() + runs.size());
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto* list : {&history, &runs})
    for (const Named<Run>& named : *list)
      if (seen.emplace(named.run.started, named.run.command).second) all.push_back(&named);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return a->run.started < b->run.started; });
  return all;
}

std::string trend_title(const BenchRow& row) {
  std::string title = title_of(row);
  if (row.part == BenchPart::break_even)
    title += fmt::format(" ({}: {:.0f} % padding, {:.0f} % longest)", name_of(row.part),
                         100 * row.padding_share, 100 * row.longest_share);
  else if (row.part != BenchPart::shapes)
    title += fmt::format(" ({}: {}, {})", name_of(row.part), counted(row.valid_tokens, "token"),
                         counted(row.segments, "segment"));
  return title;
}

MedianTrend trend_of(const BenchRow& row, const Series& series, const BenchRun& run) {
  return {.op = row.op,
          .direction = row.direction,
          .title = trend_title(row),
          .implementation = series.implementation,
          .clock = series.clock,
          .device = run.device};
}

bool same_line(const MedianTrend& a, const MedianTrend& b) {
  return a.title == b.title && a.implementation == b.implementation && a.clock == b.clock &&
         a.device == b.device;
}

void add_medians(std::vector<MedianTrend>& trends, const Named<BenchRun>& named) {
  for (const BenchRow& row : named.run.rows) {
    for (const SeriesSummary& summary : summarize_series(row, named.run)) {
      if (!summary.median_us) continue;
      MedianTrend line = trend_of(row, *summary.series, named.run);
      auto found = std::find_if(trends.begin(), trends.end(),
                                [&](const MedianTrend& trend) { return same_line(trend, line); });
      if (found == trends.end()) found = trends.insert(trends.end(), std::move(line));
      found->points.push_back({named.run.started, named.name, *summary.median_us});
    }
  }
}

void add_passes(std::vector<PassTrend>& trends, const Named<RunReport>& named) {
  const std::string candidate = candidates_of(named.run);
  const Summary summary = summarize(named.run.records);
  auto found = std::find_if(trends.begin(), trends.end(),
                            [&](const PassTrend& trend) { return trend.candidate == candidate; });
  if (found == trends.end())
    found = trends.insert(trends.end(), PassTrend{.candidate = candidate, .points = {}});
  found->points.push_back({named.run.started, named.name, summary.count(Outcome::pass),
                           summary.failures(), summary.total});
}

}  // namespace

std::string candidates_of(const RunReport& run) {
  std::set<std::string> names;
  for (const Record& record : run.records) names.insert(record.candidate);
  return fmt::format("{}", fmt::join(names, ", "));
}

Trends trends_of(const RunSet& history, const RunSet& runs) {
  Trends trends;
  for (const Named<BenchRun>* named : all_runs(history.benches, runs.benches))
    add_medians(trends.medians, *named);
  for (const Named<RunReport>* named : all_runs(history.gates, runs.gates))
    add_passes(trends.passes, *named);
  return trends;
}

}  // namespace packproof::reports
