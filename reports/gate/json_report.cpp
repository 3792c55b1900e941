#include "reports/gate/json_report.h"

#include <fmt/core.h>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"
#include "reports/records/scope.h"
#include "reports/records/summary.h"

namespace packproof::reports {
namespace {

Json summary_to_json(const Summary& summary) {
  Json value = {{"total", summary.total}};
  for (const Outcome outcome : kOutcomes)
    value[std::string(name_of(outcome))] = summary.count(outcome);
  value["known_bugs"] = summary.known_bugs;
  return value;
}

// A summary that disagrees shows a report that was cut or edited.
void check_summary(const Json& found, const Summary& counted) {
  const Json expected = summary_to_json(counted);
  JsonFields fields(found, "summary");
  for (const auto& [name, count] : expected.items()) {
    if (const std::int64_t claimed = fields.integer(name); claimed != count.get<std::int64_t>())
      throw ReportError(fmt::format("summary.{} is {}, but the records hold {}", name, claimed,
                                    count.get<std::int64_t>()));
  }
  fields.expect_no_more();
}

RunReport report_from_json(const Json& document) {
  JsonFields fields(document, "");
  fields.expect_schema(kReportSchema);
  RunReport report;
  report.command = fields.text("command");
  report.started = fields.text("started");
  report.elapsed_s = fields.number("elapsed_s");
  report.environment = environment_from_json(fields.value("environment"), "environment");
  if (fields.has("scope")) report.scope = scope_from_json(fields.value("scope"), "scope");
  for (const Json& record : fields.array("records"))
    report.records.push_back(
        record_from_json(record, fmt::format("records[{}]", report.records.size())));
  check_summary(fields.value("summary"), summarize(report.records));
  fields.expect_no_more();
  return report;
}

}  // namespace

std::string json_report(const RunReport& report) {
  Json records = Json::array();
  for (const Record& record : report.records) records.push_back(record_to_json(record));
  Json document = {{"schema_version", kReportSchema},
                   {"command", report.command},
                   {"started", report.started},
                   {"elapsed_s", number_to_json(report.elapsed_s)},
                   {"environment", environment_to_json(report.environment)}};
  if (report.scope) document["scope"] = scope_to_json(*report.scope);
  document["summary"] = summary_to_json(summarize(report.records));
  document["records"] = std::move(records);
  return json_text(document, 2) + "\n";
}

RunReport read_json(std::string_view text, const std::string& origin) {
  const Json document = parse_json(text, origin);
  try {
    return report_from_json(document);
  } catch (const ReportError& error) {
    throw ReportError(fmt::format("'{}' is not a {} report: {}; write it again with --json", origin,
                                  kReportSchema, error.what()));
  }
}

RunReport read_json_file(const std::string& path) {
  return read_json(read_whole_file(path, kMostRunBytes), path);
}

}  // namespace packproof::reports
