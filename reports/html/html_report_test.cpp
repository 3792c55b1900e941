#include "reports/html/html_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

#include "reports/files/atomic_file.h"
#include "reports/files/report_error.h"
#include "reports/records/record_json.h"
#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_report.h"
#include "reports/testing/scratch_folder.h"

namespace packproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

HtmlInput sample_input() {
  HtmlInput input{.made = "2026-01-05T00:00:00Z"};
  input.runs.gates.push_back({.name = "gate", .file = "gate.json", .run = sample_report()});
  input.runs.benches.push_back({.name = "h200", .file = "h200.json", .run = sample_bench()});
  return input;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t start = text.find(from) + from.size();
  return text.substr(start, text.find(to, start) - start);
}

TEST(HtmlReport, EveryPartOfThePageIsFilledInOnce) {
  HtmlInput input = sample_input();
  input.runs.gates[0].run.records[1].detail = "{{script}} {{data}}";
  const std::string page = html_report(input, "/* Chart.js v3.9.1 */");
  EXPECT_THAT(page, HasSubstr("<title>FAIL"));
  EXPECT_THAT(page, HasSubstr("/* Chart.js v3.9.1 */"));
  EXPECT_THAT(page, HasSubstr("function buildPage()"));
  EXPECT_THAT(page, HasSubstr("{{script}} {{data}}"));  // data stays data
  EXPECT_THAT(page, Not(HasSubstr("{{title}}")));
}

// Catches: a case's text that ends the element it stands in, or starts a comment that hides its
// end.
TEST(HtmlReport, DataCannotLeaveItsScript) {
  const std::string hostile =
      "</script><script>alert(1)</script><!-- & \xE2\x80\xA8\xE2\x80\xA9 \xFF";
  const std::string safe = script_safe_json({{"text", hostile}});
  for (const char* bad : {"<", ">", "&", "\xE2\x80\xA8", "\xE2\x80\xA9"})
    EXPECT_THAT(safe, Not(HasSubstr(bad)));
  EXPECT_EQ(parse_json(safe, "page")["text"],
            parse_json(json_text(Json(hostile), -1), "").get<std::string>());

  HtmlInput input = sample_input();
  input.runs.gates[0].name = hostile;
  for (Record& record : input.runs.gates[0].run.records)
    record.descriptor = record.detail = record.source = record.candidate = hostile;
  const std::string page = html_report(input, "");
  const std::string data = between(page, "id=\"data\">", "</script>");
  EXPECT_EQ(parse_json(data, "page")["gates"][0]["cases"].size(), 8U);
}

TEST(HtmlReport, AChartLibraryThatEndsItsScriptIsRefused) {
  EXPECT_THROW(html_report(sample_input(), "a = '</script>'"), ReportError);
}

TEST(HtmlReport, ALackOfChartJsNamesThePackage) {
  const ScratchFolder scratch;
  const auto error = [&](const std::string& path) -> std::string {
    ::setenv("PACKPROOF_CHART_JS", path.c_str(), 1);
    try {
      chart_library();
    } catch (const ReportError& caught) {
      ::unsetenv("PACKPROOF_CHART_JS");
      return caught.what();
    }
    ::unsetenv("PACKPROOF_CHART_JS");
    return "no error";
  };
  EXPECT_THAT(error(scratch.file("none.js")), HasSubstr("libjs-chart.js"));
  write_file_atomically(scratch.file("other.js"), "/* jQuery */");
  EXPECT_THAT(error(scratch.file("other.js")), HasSubstr("libjs-chart.js"));
}

TEST(HtmlData, ACaseThatPassedKeepsItsWorstUnitAlone) {
  const Json gate = html_data(sample_input())["gates"][0];
  const Json& passed = gate["cases"][0];
  EXPECT_EQ(passed[0], sample_pass().descriptor);
  EXPECT_EQ(gate["words"][passed[8][0].get<std::size_t>()], "y");
  EXPECT_EQ(passed[8][3], 0.0031);
  EXPECT_EQ(gate["failures"].size(), 6U);  // all but the pass and the skipped
  EXPECT_FALSE(gate["failures"].contains("0"));
  EXPECT_TRUE(gate["failures"].contains("1"));
}

TEST(HtmlData, FailuresAreGroupedByKind) {
  const Json kinds = html_data(sample_input())["gates"][0]["kinds"];
  ASSERT_EQ(kinds.size(), 4U);  // the known bug is of no kind
  EXPECT_EQ(kinds[0], Json({{"op", "causal_conv1d:fwd"},
                            {"tensor", "y"},
                            {"outcome", "mismatch"},
                            {"fault", "leak across a boundary"},
                            {"cases", {1}}}));
  EXPECT_EQ(kinds[1]["outcome"], "crashed");
}

TEST(HtmlData, ManySegmentsShareBarsAndTheWorstIsSeen) {
  HtmlInput input = sample_input();
  std::vector<double> errors(5000, 0.25);
  errors[4321] = 7;
  errors[15] = std::numeric_limits<double>::quiet_NaN();
  input.runs.gates[0].run.records[1].tensors[0].segment_errors = errors;
  const Json strip = html_data(input)["gates"][0]["failures"]["1"]["tensors"][0]["strip"];
  EXPECT_EQ(strip["per_bar"], 10);
  EXPECT_EQ(strip["segments"], 5000);
  ASSERT_EQ(strip["bars"].size(), 500U);
  EXPECT_EQ(strip["bars"][432], 7);
  EXPECT_EQ(strip["bars"][1], "NaN");
  EXPECT_EQ(strip["bars"][2], 0.25);
}

TEST(HtmlData, DetailsOfFailuresStopBeforeThePageIsTooLarge) {
  HtmlInput input = sample_input();
  input.runs.benches.clear();
  input.case_file = [](const Record&) {
    return Download{.name = "case.json", .text = std::string(2000, 'x')};
  };
  std::vector<Record>& records = input.runs.gates[0].run.records;
  for (int i = 0; i < 5000; ++i) {
    records.push_back(sample_mismatch());
    records.back().descriptor += " seed=" + std::to_string(i);
  }
  records.back().descriptor = "causal_conv1d:fwd len=1 seed=1";
  const Json gate = html_data(input)["gates"][0];
  EXPECT_GT(gate["details_left_out"].get<int>(), 0);
  EXPECT_EQ(gate["kinds"][0]["cases"][0], 5007);  // the smallest of 5001
  EXPECT_TRUE(gate["failures"].contains("5007"));
  EXPECT_FALSE(gate["failures"].contains("5006"));
  EXPECT_EQ(gate["cases"].size(), 5008U);
  EXPECT_LT(html_report(input, "").size(), 10'000'000U);
}

TEST(HtmlData, SeriesThatAreNotTimedSayWhyAndHostTimesAreMarked) {
  HtmlInput input;
  input.runs.benches = {{.name = "gpu", .file = "", .run = sample_bench()},
                        {.name = "cpu", .file = "", .run = sample_bench({.host = true})}};
  const Json data = html_data(input);
  bool not_timed = false, refused = false;
  for (const Json& row : data["benches"][0]["rows"])
    for (const Json& series : row["series"]) {
      if (series["state"] == "timed") continue;
      (series["state"] == "refused" ? refused : not_timed) = true;
      EXPECT_NE(series["detail"], "");
      EXPECT_TRUE(series["median"].is_null());
    }
  EXPECT_TRUE(not_timed);
  EXPECT_TRUE(refused);
  for (const Json& row : data["benches"][1]["rows"])
    for (const Json& series : row["series"]) EXPECT_TRUE(series["host"].get<bool>());
}

TEST(HtmlData, NumbersKeepFourDigits) {
  EXPECT_EQ(short_number(1234567.0), 1235000.0);
  EXPECT_EQ(json_text(short_number(1.0 / 3), -1), "0.3333");
  EXPECT_EQ(short_number(-std::numeric_limits<double>::infinity()), "-Infinity");
  EXPECT_EQ(short_number(0), 0);
  // Numbers that round to none of float64, and those that few digits tell apart from 0.
  EXPECT_EQ(short_number(std::numeric_limits<double>::max()), std::numeric_limits<double>::max());
  EXPECT_EQ(short_number(-5e-324), -5e-324);
  EXPECT_EQ(short_number(1.23456e-310), 1.235e-310);
}

}  // namespace
}  // namespace packproof::reports
