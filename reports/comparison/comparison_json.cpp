#include <utility>

#include "reports/comparison/comparison.h"
#include "reports/files/json_fields.h"
#include "reports/records/record_json.h"

namespace packproof::reports {
namespace {

Json interval_to_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {{"low", number_to_json(interval->low)}, {"high", number_to_json(interval->high)}};
}

Json side_to_json(const std::optional<TimedSide>& side) {
  if (!side) return nullptr;
  return {{"samples", side->samples},
          {"median_us", number_to_json(side->median_us)},
          {"median_interval_us", interval_to_json(side->median_interval_us)}};
}

Json evidence_to_json(const std::optional<Evidence>& evidence) {
  if (!evidence) return nullptr;
  return {{"ratio", number_to_json(evidence->ratio.estimate)},
          {"ratio_interval", interval_to_json(evidence->ratio.interval)},
          {"p", number_to_json(evidence->p)},
          {"pairs", evidence->pairs}};
}

Json series_to_json(const ComparedSeries& series) {
  return {{"part", name_of(series.part)},
          {"title", series.title},
          {"descriptor", series.descriptor},
          {"implementation", series.implementation},
          {"clock", name_of(series.clock)},
          {"change", name_of(series.change)},
          {"detail", series.detail},
          {"old", side_to_json(series.old_side)},
          {"new", side_to_json(series.new_side)},
          {"evidence", evidence_to_json(series.evidence)}};
}

Json run_to_json(const ComparedRun& run) {
  return {{"origin", run.origin},
          {"device", run.device},
          {"commit", run.commit},
          {"command", run.command},
          {"started", run.started}};
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  Json counts = Json::object();
  for (const Change change : kChanges)
    counts[std::string(name_of(change))] = comparison.count(change);
  Json series = Json::array();
  for (const ComparedSeries& one : comparison.series) series.push_back(series_to_json(one));
  const Json document = {{"schema_version", kComparisonSchema},
                         {"old", run_to_json(comparison.old_run)},
                         {"new", run_to_json(comparison.new_run)},
                         {"threshold", number_to_json(comparison.threshold)},
                         {"confidence", kRatioConfidence},
                         {"significance", kSignificance},
                         {"warnings", comparison.warnings},
                         {"never_timed", comparison.never_timed},
                         {"counts", std::move(counts)},
                         {"series", std::move(series)}};
  return json_text(document, 2) + "\n";
}

}  // namespace packproof::reports
