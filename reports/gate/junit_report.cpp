#include "reports/gate/junit_report.h"

#include <fmt/core.h>

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "reports/records/failure_text.h"
#include "reports/records/scope.h"
#include "reports/records/slowest_text.h"
#include "reports/text/printable_text.h"

namespace packproof::reports {
namespace {

struct Suite {
  std::string name;
  std::vector<const Record*> records;
  Summary summary;
  double elapsed_s = 0;
};

std::vector<Suite> suites_of(const RunReport& report, Inconclusive inconclusive) {
  std::vector<Suite> suites;
  std::map<std::string, std::size_t> place;
  for (const Record& record : report.records) {
    const std::string name = record.op + ":" + record.direction;
    const auto [found, is_new] = place.try_emplace(name, suites.size());
    if (is_new) suites.push_back(Suite{name, {}, {}, 0});
    Suite& suite = suites[found->second];
    suite.records.push_back(&record);
    suite.summary.add(record, inconclusive);
    suite.elapsed_s += elapsed_s(record);
  }
  return suites;
}

std::string counts_attributes(const Summary& summary, double seconds) {
  return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}" time="{:.6f}")",
                     summary.total, summary.count(Standing::failed),
                     summary.count(Standing::errored), summary.count(Standing::skipped), seconds);
}

std::string properties_element(const RunReport& report) {
  const Environment& environment = report.environment;
  const std::pair<const char*, const std::string&> properties[] = {
      {"packproof_version", environment.packproof_version},
      {"commit", environment.commit},
      {"compiler", environment.compiler},
      {"build_type", environment.build_type},
      {"sanitizers", environment.sanitizers},
      {"cpu", environment.cpu},
      {"os", environment.os},
      {"libtorch", environment.libtorch},
      {"cuda", environment.cuda},
      {"command", report.command},
  };
  std::string element = "    <properties>\n";
  for (const auto& [name, value] : properties)
    element +=
        fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, xml_attribute(value));
  return element + "    </properties>\n";
}

std::string result_element(const Record& record, Standing standing) {
  const std::string message = xml_attribute(reason_line(record));
  if (standing == Standing::skipped)
    return fmt::format(
        "      <skipped type=\"{}\" message=\"{}\"/>\n", name_of(record.outcome),
        xml_attribute(fmt::format("{}: {}", headline_word(record), reason_line(record))));
  const std::string_view tag = standing == Standing::failed ? "failure" : "error";
  return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", tag,
                     name_of(record.outcome), message, xml_text(failure_text(record)));
}

std::string testcase_element(const Record& record, Inconclusive inconclusive) {
  const std::string attributes =
      fmt::format(R"(classname="{}" name="{}" time="{:.6f}")",
                  xml_attribute(fmt::format("packproof.{}.{}", record.op, record.direction)),
                  xml_attribute(record.descriptor), elapsed_s(record));
  const Standing standing = standing_of(record, inconclusive);
  if (standing == Standing::passed) return fmt::format("    <testcase {}/>\n", attributes);
  return fmt::format("    <testcase {}>\n{}    </testcase>\n", attributes,
                     result_element(record, standing));
}

// A run that is not whole must not look green: one more suite, with an error.
std::string not_whole_suite(const RunReport& report) {
  const std::string why = xml_attribute(scope_text(report));
  return fmt::format(
      "  <testsuite name=\"run\" timestamp=\"{}\" tests=\"1\" failures=\"0\" errors=\"1\" "
      "skipped=\"0\" time=\"0.000000\">\n"
      "    <testcase classname=\"packproof.run\" name=\"every case ran\" time=\"0.000000\">\n"
      "      <error type=\"not whole\" message=\"{}\"/>\n"
      "    </testcase>\n  </testsuite>\n",
      xml_attribute(report.started), why);
}

}  // namespace

std::string junit_report(const RunReport& report, Inconclusive inconclusive) {
  const double whole_s = std::isfinite(report.elapsed_s) ? report.elapsed_s : 0;
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  Summary counts = summarize(report.records, inconclusive);
  if (!is_whole(report)) {
    ++counts.total;
    ++counts.by_standing.at(static_cast<std::size_t>(Standing::errored));
  }
  xml += fmt::format("<testsuites name=\"packproof\" {}>\n", counts_attributes(counts, whole_s));
  for (const Suite& suite : suites_of(report, inconclusive)) {
    xml += fmt::format("  <testsuite name=\"{}\" timestamp=\"{}\" {}>\n", xml_attribute(suite.name),
                       xml_attribute(report.started),
                       counts_attributes(suite.summary, suite.elapsed_s));
    xml += properties_element(report);
    for (const Record* record : suite.records) xml += testcase_element(*record, inconclusive);
    xml += "  </testsuite>\n";
  }
  if (!is_whole(report)) xml += not_whole_suite(report);
  return xml + "</testsuites>\n";
}

}  // namespace packproof::reports
