#include "reports/html_data.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

#include "reports/failure_text.h"
#include "reports/printable_text.h"
#include "reports/record_json.h"
#include "reports/summary.h"

namespace packproof::reports {
namespace {

constexpr std::size_t kMostDetailBytes = 6'000'000;
constexpr std::size_t kMostBars = 512;  // in one strip

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

Json unit_data(const UnitReport& unit) {
  return {unit.kind,
          unit.where,
          short_number(unit.error),
          short_number(unit.base),
          short_number(unit.floor),
          short_number(unit.limit),
          unit.units,
          unit.failed,
          unit.blind};
}

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

// Neighbours share a bar when there are too many: the worst of them, NaN the worst of all.
Json strip_data(const std::vector<double>& errors) {
  const std::size_t per_bar = (errors.size() + kMostBars - 1) / kMostBars;
  Json bars = Json::array();
  for (std::size_t from = 0; from < errors.size(); from += per_bar) {
    double worst = errors[from];
    for (std::size_t i = from; i < std::min(from + per_bar, errors.size()); ++i)
      if (std::isnan(errors[i]) || errors[i] > worst) worst = errors[i];
    bars.push_back(short_number(worst));
  }
  return {{"per_bar", std::max<std::size_t>(per_bar, 1)},
          {"segments", errors.size()},
          {"bars", std::move(bars)}};
}

Json tensor_data(const TensorReport& tensor) {
  Json units = Json::array();
  for (const UnitReport& unit : tensor.worst) units.push_back(unit_data(unit));
  return {{"name", printable(tensor.name)},
          {"dtype", tensor.dtype},
          {"judged", tensor.judged},
          {"elements", tensor.elements},
          {"wrong", tensor.wrong_elements},
          {"units", std::move(units)},
          {"strip", strip_data(tensor.segment_errors)}};
}

Json failure_data(const Record& record, const CaseFileOf& case_file) {
  Json tensors = Json::array();
  for (const TensorReport& tensor : record.tensors) tensors.push_back(tensor_data(tensor));
  Json data = {{"reason", printable(reason_line(record))},
               {"detail", printable(record.detail)},
               {"repro", printable(record.repro)},
               {"tensors", std::move(tensors)}};
  if (const auto& mismatch = record.mismatch)
    data["mismatch"] = {{"tensor", printable(mismatch->tensor)},
                        {"check", printable(mismatch->check)},
                        {"segment", mismatch->segment ? Json(*mismatch->segment) : Json(nullptr)},
                        {"index", printable(mismatch->index)},
                        {"got", printable(mismatch->got)},
                        {"want", printable(mismatch->want)},
                        {"error", short_number(mismatch->error)},
                        {"limit", short_number(mismatch->limit)},
                        {"fault", printable(mismatch->fault)},
                        {"because", printable(mismatch->because)}};
  if (const auto file = case_file ? case_file(record) : std::nullopt)
    data["file"] = {{"name", file->name}, {"text", file->text}};
  return data;
}

bool needs_details(const Record& record) {
  return record.outcome != Outcome::pass && record.outcome != Outcome::skipped;
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
  Json cases = Json::array(), failures = Json::object();
  std::size_t detail_bytes = 0;
  std::int64_t left_out = 0;
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    const Record& record = run.records[i];
    cases.push_back(case_data(record, words));
    if (!needs_details(record)) continue;
    Json details = failure_data(record, case_file);
    detail_bytes += json_text(details, -1).size();
    if (detail_bytes > kMostDetailBytes) {
      ++left_out;
    } else {
      failures[std::to_string(i)] = std::move(details);
    }
  }
  return {{"name", printable(named.name)},
          {"file", printable(named.file)},
          {"command", printable(run.command)},
          {"started", printable(run.started)},
          {"elapsed", duration_text(run.elapsed_s)},
          {"environment", environment_pairs(run.environment)},
          {"candidates", printable(candidates_of(run))},
          {"verdict", verdict_word(summary)},
          {"counts_line", counts_line(summary)},
          {"counts", std::move(counts)},
          {"words", std::move(words).list()},
          {"cases", std::move(cases)},
          {"failures", std::move(failures)},
          {"details_left_out", left_out}};
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

}  // namespace

Json short_number(double value) {
  if (!std::isfinite(value) || value == 0) return number_to_json(value);
  return std::stod(fmt::format("{:.3e}", value));
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
          {"trends", trends_data(input.trends)}};
}

}  // namespace packproof::reports
