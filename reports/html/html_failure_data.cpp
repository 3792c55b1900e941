#include "reports/html/html_failure_data.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "reports/records/failure_groups.h"
#include "reports/records/failure_text.h"
#include "reports/records/record_json.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

constexpr std::size_t kMostDetailBytes = 6'000'000;
constexpr std::size_t kMostBars = 512;  // in one strip

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

// Places in the run's records, by kind.
Json kinds_data(const std::vector<FailureGroup>& groups, const std::vector<Record>& records) {
  Json kinds = Json::array();
  for (const auto& [kind, members] : groups) {
    Json cases = Json::array();
    for (const Record* record : members) cases.push_back(record - records.data());
    kinds.push_back({{"op", printable(kind.op + ":" + kind.direction)},
                     {"tensor", printable(kind.tensor)},
                     {"outcome", name_of(kind.outcome)},
                     {"fault", printable(kind.fault)},
                     {"cases", std::move(cases)}});
  }
  return kinds;
}

// Places of the records that need details, those that matter most first.
std::vector<std::size_t> most_telling_first(const std::vector<Record>& records,
                                            const std::vector<FailureGroup>& groups) {
  std::vector<std::size_t> order;
  std::vector<bool> taken(records.size());
  const auto take = [&](std::size_t i) {
    if (!taken[i] && needs_details(records[i])) order.push_back(i);
    taken[i] = true;
  };
  for (const FailureGroup& group : groups)
    take(static_cast<std::size_t>(group.records.front() - records.data()));
  for (std::size_t i = 0; i < records.size(); ++i) take(i);
  return order;
}

}  // namespace

HtmlFailures failures_data(const std::vector<Record>& records, const CaseFileOf& case_file) {
  const std::vector<FailureGroup> groups = failure_groups(records);
  HtmlFailures failures{.kinds = kinds_data(groups, records), .details = Json::object()};
  std::size_t bytes = 0;
  for (const std::size_t i : most_telling_first(records, groups)) {
    Json details = failure_data(records[i], case_file);
    bytes += json_text(details, -1).size();
    if (bytes > kMostDetailBytes)
      ++failures.left_out;
    else
      failures.details[std::to_string(i)] = std::move(details);
  }
  return failures;
}

}  // namespace packproof::reports
