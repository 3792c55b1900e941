#include "reports/runs/summary_json.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "reports/bench/series_summary.h"
#include "reports/records/failure_text.h"
#include "reports/records/record_json.h"
#include "reports/records/scope.h"
#include "reports/records/summary.h"

namespace packproof::reports {
namespace {

Json counts_json(const Summary& summary) {
  Json counts = {{"total", summary.total}};
  for (const Outcome outcome : kOutcomes)
    counts[std::string(name_of(outcome))] = summary.count(outcome);
  counts["known_bugs"] = summary.known_bugs;
  return counts;
}

// Records of one op, direction, candidate and contract.
struct Group {
  const Record* first;
  Summary summary;
  std::optional<double> smallest_margin;  // of those that passed; none when all are exact
};

bool same_group(const Record& a, const Record& b) {
  return a.op == b.op && a.direction == b.direction && a.candidate == b.candidate &&
         a.contract == b.contract;
}

Json groups_json(const RunReport& run) {
  std::vector<Group> groups;
  for (const Record& record : run.records) {
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return same_group(*g.first, record); });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{&record, {}, {}});
    group->summary.add(record);
    if (record.outcome != Outcome::pass) continue;
    for (const TensorReport& tensor : record.tensors)
      for (const UnitReport& unit : tensor.worst)
        if (unit.error != 0)
          group->smallest_margin =
              std::min(group->smallest_margin.value_or(unit.margin()), unit.margin());
  }
  Json list = Json::array();
  for (const Group& group : groups)
    list.push_back(
        {{"op", group.first->op},
         {"direction", group.first->direction},
         {"candidate", group.first->candidate},
         {"contract", group.first->contract},
         {"counts", counts_json(group.summary)},
         {"smallest_margin",
          group.smallest_margin ? number_to_json(*group.smallest_margin) : Json(nullptr)}});
  return list;
}

Json failures_json(const RunReport& run) {
  Json failures = Json::array();
  for (const Record& record : run.records) {
    const Standing standing = standing_of(record);
    if (standing != Standing::failed && standing != Standing::errored) continue;
    failures.push_back({{"descriptor", record.descriptor},
                        {"candidate", record.candidate},
                        {"outcome", name_of(record.outcome)},
                        {"reason", reason_line(record)},
                        {"repro", record.repro}});
  }
  return failures;
}

Json gate_json(const Named<RunReport>& named) {
  const Summary summary = summarize(named.run.records);
  return {{"name", named.name},
          {"command", named.run.command},
          {"started", named.run.started},
          {"elapsed_s", number_to_json(named.run.elapsed_s)},
          {"environment", environment_to_json(named.run.environment)},
          {"scope", scope_text(named.run)},
          {"verdict", verdict_word(named.run)},
          {"counts", counts_json(summary)},
          {"groups", groups_json(named.run)},
          {"failures", failures_json(named.run)}};
}

Json optional_json(const std::optional<double>& value) {
  return value ? number_to_json(*value) : Json(nullptr);
}

Json series_json(const SeriesSummary& summary) {
  const Series& series = *summary.series;
  return {{"implementation", series.implementation},
          {"clock", name_of(series.clock)},
          {"state", name_of(series.state)},
          {"detail", series.detail},
          {"samples", series.samples_us.size()},
          {"median_us", optional_json(summary.median_us)},
          {"low_us", optional_json(summary.low_us)},
          {"high_us", optional_json(summary.high_us)},
          {"gb_s", optional_json(summary.gb_s)},
          {"tflop_s", optional_json(summary.tflop_s)},
          {"valid_tokens_s", optional_json(summary.valid_tokens_s)},
          {"copy_share", optional_json(summary.copy_share)},
          {"matmul_share", optional_json(summary.matmul_share)},
          {"floor_ratio", optional_json(summary.floor_ratio)},
          {"over_padded", optional_json(summary.over_padded)},
          {"over_peer", optional_json(summary.over_peer)},
          {"peer", summary.peer}};
}

Json bench_json(const Named<BenchRun>& named) {
  const BenchRun& run = named.run;
  Json rows = Json::array();
  for (const BenchRow& row : run.rows) {
    Json series = Json::array();
    for (const SeriesSummary& summary : summarize_series(row, run))
      series.push_back(series_json(summary));
    rows.push_back({{"part", name_of(row.part)},
                    {"title", title_of(row)},
                    {"descriptor", row.descriptor},
                    {"segments", row.segments},
                    {"valid_tokens", row.valid_tokens},
                    {"padded_tokens", row.padded_tokens},
                    {"floor_us", number_to_json(floor_us(row, run.ceilings))},
                    {"series", std::move(series)}});
  }
  return {{"name", named.name},
          {"command", run.command},
          {"started", run.started},
          {"elapsed_s", number_to_json(run.elapsed_s)},
          {"environment", environment_to_json(run.environment)},
          {"device", run.device},
          {"copy_gb_s", number_to_json(run.ceilings.copy_gb_s)},
          {"matmul_tflop_s", number_to_json(run.ceilings.matmul_tflop_s)},
          {"rows", std::move(rows)}};
}

Json trends_json(const Trends& trends) {
  Json medians = Json::array(), passes = Json::array();
  for (const MedianTrend& trend : trends.medians) {
    Json points = Json::array();
    for (const MedianPoint& point : trend.points)
      points.push_back({{"started", point.started},
                        {"run", point.run},
                        {"median_us", number_to_json(point.median_us)}});
    medians.push_back({{"title", trend.title},
                       {"implementation", trend.implementation},
                       {"clock", name_of(trend.clock)},
                       {"device", trend.device},
                       {"points", std::move(points)}});
  }
  for (const PassTrend& trend : trends.passes) {
    Json points = Json::array();
    for (const PassPoint& point : trend.points)
      points.push_back({{"started", point.started},
                        {"run", point.run},
                        {"passed", point.passed},
                        {"failed", point.failed},
                        {"total", point.total}});
    passes.push_back({{"candidate", trend.candidate}, {"points", std::move(points)}});
  }
  return {{"medians", std::move(medians)}, {"passes", std::move(passes)}};
}

}  // namespace

std::string summary_json(const RunSet& runs, const Trends& trends) {
  Json gates = Json::array(), benches = Json::array();
  for (const auto& named : runs.gates) gates.push_back(gate_json(named));
  for (const auto& named : runs.benches) benches.push_back(bench_json(named));
  const Json document = {{"schema_version", kSummarySchema},
                         {"gates", std::move(gates)},
                         {"benches", std::move(benches)},
                         {"trends", trends_json(trends)}};
  return json_text(document, 2) + "\n";
}

}  // namespace packproof::reports
