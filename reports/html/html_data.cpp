#include "reports/html/html_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "cases/language/contracts.h"
#include "reports/html/html_failure_data.h"
#include "reports/records/record_json.h"
#include "reports/records/summary.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

// Each text once, and its place.
class Words {
 public:
  Json operator()(const std::string& word) {
    const auto [place, added] = places_.emplace(word, list_.size());
    if (added) list_.push_back(printable(word));
    return place->second;
  }
  Json list() && { return std::move(list_); }

 private:
  std::map<std::string, std::size_t> places_;
  Json list_ = Json::array();
};

// [tensor, kind, where, error, base, floor, limit] of the smallest margin; null if all were exact.
Json worst_unit(const Record& record, Words& words) {
  const TensorReport* worst_tensor = nullptr;
  const UnitReport* worst = nullptr;
  for (const TensorReport& tensor : record.tensors) {
    for (const UnitReport& unit : tensor.worst) {
      if (worst != nullptr && !(unit.margin() < worst->margin())) continue;
      worst = &unit;
      worst_tensor = &tensor;
    }
  }
  if (worst == nullptr) return nullptr;
  return {words(worst_tensor->name),  words(worst->kind),         printable(worst->where),
          short_number(worst->error), short_number(worst->base),  short_number(worst->floor),
          short_number(worst->limit), std::isinf(worst->margin())};
}

Json case_data(const Record& record, Words& words) {
  const int flags = (record.expected == "refused" ? 1 : 0) | (record.known_bug ? 2 : 0);
  return {printable(record.descriptor),
          words(record.op + ":" + record.direction),
          words(record.candidate),
          words(record.schedule),
          words(record.contract),
          words(record.source),
          words(std::string(name_of(record.outcome))),
          flags,
          worst_unit(record, words),
          printable(first_columns(record.detail, 300))};
}

Json gate_data(const Named<RunReport>& named, const CaseFileOf& case_file) {
  const RunReport& run = named.run;
  const Summary summary = summarize(run.records);
  Json counts = Json::object();
  for (const Outcome outcome : kOutcomes)
    counts[std::string(name_of(outcome))] = summary.count(outcome);
  Words words;
  Json cases = Json::array();
  for (const Record& record : run.records) cases.push_back(case_data(record, words));
  HtmlFailures failures = failures_data(run.records, case_file);
  return {{"name", printable(named.name)},
          {"file", printable(named.file)},
          {"command", printable(run.command)},
          {"started", printable(run.started)},
          {"elapsed", duration_text(run.elapsed_s)},
          {"environment", environment_pairs(run.environment)},
          {"candidates", printable(candidates_of(run))},
          {"verdict", verdict_word(run)},
          {"counts_line", counts_line(run)},
          {"counts", std::move(counts)},
          {"words", std::move(words).list()},
          {"cases", std::move(cases)},
          {"kinds", std::move(failures.kinds)},
          {"failures", std::move(failures.details)},
          {"details_left_out", failures.left_out}};
}

Json trends_data(const Trends& trends) {
  Json medians = Json::array(), passes = Json::array();
  for (const MedianTrend& trend : trends.medians) {
    Json points = Json::array();
    for (const MedianPoint& point : trend.points)
      points.push_back({point.started, printable(point.run), short_number(point.median_us)});
    medians.push_back({{"op", printable(trend.op + ":" + trend.direction)},
                       {"title", printable(trend.title)},
                       {"implementation", printable(trend.implementation)},
                       {"clock", name_of(trend.clock)},
                       {"device", printable(trend.device)},
                       {"points", std::move(points)}});
  }
  for (const PassTrend& trend : trends.passes) {
    Json points = Json::array();
    for (const PassPoint& point : trend.points)
      points.push_back(
          {point.started, printable(point.run), point.passed, point.failed, point.total});
    passes.push_back({{"candidate", printable(trend.candidate)}, {"points", std::move(points)}});
  }
  return {{"medians", std::move(medians)}, {"passes", std::move(passes)}};
}

Json contracts_data() {
  Json rules = Json::object();
  for (const Contract& contract : contracts()) rules[std::string(contract.id)] = contract.rule;
  return rules;
}

}  // namespace

Json short_number(double value) {
  if (!std::isfinite(value) || value == 0) return number_to_json(value);
  const std::string digits = fmt::format("{:.3e}", value);
  double rounded = value;  // stays so where four digits are beyond float64
  std::from_chars(digits.data(), digits.data() + digits.size(), rounded);
  return rounded;
}

Json environment_pairs(const Environment& environment) {
  Json pairs = Json::array();
  const Json fields = environment_to_json(environment);
  for (const auto& [name, value] : fields.items())
    if (!value.get_ref<const std::string&>().empty())
      pairs.push_back({name, printable(value.get_ref<const std::string&>())});
  return pairs;
}

Json html_data(const HtmlInput& input) {
  Json gates = Json::array(), benches = Json::array();
  for (const auto& named : input.runs.gates) gates.push_back(gate_data(named, input.case_file));
  for (const auto& named : input.runs.benches) benches.push_back(bench_data(named));
  return {{"made", input.made},
          {"gates", std::move(gates)},
          {"benches", std::move(benches)},
          {"trends", trends_data(input.trends)},
          {"contracts", contracts_data()}};
}

}  // namespace packproof::reports
