#include "reports/gate/json_report.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/files/report_error.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

using nlohmann::ordered_json;

std::string error_of(const std::string& text) {
  try {
    read_json(text, "some.json");
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

// The sample's JSON with one change.
template <class Change>
std::string changed(Change&& change) {
  ordered_json document = ordered_json::parse(json_report(sample_report()));
  change(document);
  return document.dump();
}

TEST(JsonReport, ReadsBackWhatItWrote) {
  const std::string text = json_report(sample_report());
  const RunReport back = read_json(text, "x");
  EXPECT_EQ(json_report(back), text);
  // Not only text equal to itself: the fields by hand.
  ASSERT_EQ(back.records.size(), 8U);
  EXPECT_EQ(back.environment.cuda, "12.8 <no GPU>");
  EXPECT_EQ(back.command, sample_report().command);
  EXPECT_EQ(back.elapsed_s, 12.25);
  const Record& record = back.records[1];
  EXPECT_EQ(record.outcome, Outcome::mismatch);
  EXPECT_EQ(record.source, sample_mismatch().source);
  EXPECT_EQ(record.repro, sample_mismatch().repro);
  EXPECT_EQ(record.elapsed_us, sample_mismatch().elapsed_us);
  ASSERT_TRUE(record.mismatch);
  EXPECT_EQ(record.mismatch->segment, 1);
  EXPECT_EQ(record.mismatch->head, std::nullopt);
  EXPECT_EQ(record.mismatch->token_in_segment, 0);
  EXPECT_EQ(record.mismatch->limit, 0.0078);
  ASSERT_EQ(record.tensors.size(), 2U);
  EXPECT_EQ(record.tensors[0].segment_errors, sample_mismatch().tensors[0].segment_errors);
  EXPECT_EQ(record.tensors[0].worst[0].floor, 0.0017);
  EXPECT_EQ(record.tensors[0].worst[0].failed, 1);
  EXPECT_TRUE(back.records[7].known_bug);
}

TEST(JsonReport, NonFiniteNumbersAreStrings) {
  const ordered_json document = ordered_json::parse(json_report(sample_report()));
  EXPECT_EQ(document["records"][1]["tensors"][0]["worst"][1]["error"], "NaN");
  EXPECT_EQ(document["records"][1]["tensors"][0]["worst"][1]["margin"], 0);
  EXPECT_EQ(document["records"][0]["tensors"][0]["worst"][1]["limit"], "Infinity");
  EXPECT_EQ(document["records"][0]["tensors"][0]["worst"][1]["margin"], "Infinity");
  EXPECT_EQ(document["records"][7]["mismatch"]["error"], "-Infinity");
  const RunReport back = read_json(document.dump(), "x");
  EXPECT_TRUE(std::isnan(back.records[1].tensors[0].worst[1].error));
  EXPECT_EQ(back.records[7].mismatch->error, -std::numeric_limits<double>::infinity());
}

TEST(JsonReport, NumbersKeepTheirDigits) {
  RunReport report = sample_report();
  report.records[0].tensors[0].worst[0].error = 0x1.921fb54442d18p-9;
  report.elapsed_s = 5e-324;
  const RunReport back = read_json(json_report(report), "x");
  EXPECT_EQ(back.records[0].tensors[0].worst[0].error, 0x1.921fb54442d18p-9);
  EXPECT_EQ(back.elapsed_s, 5e-324);
}

TEST(JsonReport, SummaryCounts) {
  const ordered_json document = ordered_json::parse(json_report(sample_report()));
  EXPECT_EQ(document["summary"]["total"], 8);
  EXPECT_EQ(document["summary"]["mismatch"], 2);
  EXPECT_EQ(document["summary"]["timed_out"], 1);
  EXPECT_EQ(document["summary"]["known_bugs"], 1);
}

TEST(JsonReport, RejectsWhatIsNotAReport) {
  EXPECT_NE(error_of("{").find("'some.json' is not JSON"), std::string::npos);
  EXPECT_NE(error_of("[]").find("the document must be an object, found []"), std::string::npos);
  EXPECT_NE(error_of("{}").find("schema_version is missing"), std::string::npos);
  EXPECT_NE(error_of(changed([](auto& d) {
              d["schema_version"] = "packproof.report/2";
            })).find("\"packproof.report/2\", this program reads \"packproof.report/1\""),
            std::string::npos);
}

TEST(JsonReport, SaysWhichFieldIsWrong) {
  const auto expect = [](const std::string& text, const std::string& part) {
    const std::string error = error_of(text);
    EXPECT_NE(error.find(part), std::string::npos) << error;
  };
  expect(changed([](auto& d) { d["records"][1]["mismatch"].erase("got"); }),
         "records[1].mismatch.got is missing");
  expect(changed([](auto& d) { d["records"][0]["surprise"] = 1; }),
         "records[0].surprise is not a field");
  expect(changed([](auto& d) { d["records"][0]["tensors"][0]["worst"][1]["error"] = "many"; }),
         "records[0].tensors[0].worst[1].error must be a number");
  expect(changed([](auto& d) { d["records"][0]["tensors"][0]["elements"] = 1.5; }),
         "records[0].tensors[0].elements must be a 64-bit integer, found 1.5");
  expect(changed([](auto& d) { d["records"][0]["tensors"][0]["elements"] = 1ULL << 63; }),
         "records[0].tensors[0].elements must be a 64-bit integer");
  expect(changed([](auto& d) { d["records"][2]["outcome"] = "fine"; }),
         "records[2].outcome must be an outcome");
  expect(changed([](auto& d) { d["records"].erase(0); }),
         "summary.total is 8, but the records hold 7");
  expect(changed([](auto& d) { d["environment"]["cpu"] = nullptr; }),
         "environment.cpu must be a string, found null");
  expect(changed([](auto& d) { d["records"][0]["known_bug"] = 0; }), "must be true or false");
}

TEST(JsonReport, InvalidUtf8DoesNotStopAReport) {
  const RunReport back = read_json(json_report(sample_report()), "x");
  EXPECT_NE(back.records[2].detail.find("\xEF\xBF\xBD"), std::string::npos);
}

TEST(JsonReport, UnreadablePath) {
  try {
    read_json_file("/no/such/file.json");
    FAIL();
  } catch (const ReportError& error) {
    EXPECT_STREQ(error.what(),
                 "cannot read '/no/such/file.json': No such file or directory; check the path");
  }
}

}  // namespace
}  // namespace packproof::reports
