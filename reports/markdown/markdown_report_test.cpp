#include "reports/markdown/markdown_report.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(MarkdownReport, TitleCountsAndEnvironment) {
  const std::string text = markdown_report(sample_report());
  EXPECT_EQ(text.rfind("## packproof: FAIL\n\n8 cases: 1 pass, ", 0), 0U) << text;
  EXPECT_TRUE(has(text,
                  "| op | cases | pass | mismatch | refused | skipped | mistrusted | crashed "
                  "| timed\\_out |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n"
                  "| causal\\_conv1d:fwd | 3 | 1 | 2 | 0 | 0 | 0 | 0 | 0 |\n"
                  "| pack\\_sequences:bwd | 5 | 0 | 0 | 1 | 1 | 1 | 1 | 1 |\n"
                  "| all | 8 | 1 | 2 | 1 | 1 | 1 | 1 | 1 |\n"))
      << text;
  EXPECT_TRUE(has(text, "| command | packproof gate --filter 'a\\|b' --json \"out.json\" |\n"));
  EXPECT_TRUE(has(text, "| cuda | 12.8 &lt;no GPU> |\n"));
  EXPECT_FALSE(has(text, "| sanitizers |"));  // empty
}

TEST(MarkdownReport, OutcomesWithoutACaseHaveNoColumn) {
  RunReport report;
  report.records = {sample_pass()};
  const std::string text = markdown_report(report);
  EXPECT_TRUE(has(text, "## packproof: PASS\n"));
  EXPECT_TRUE(has(text, "| op | cases | pass |\n|---|---:|---:|\n"));
  EXPECT_FALSE(has(text, "mismatch"));
}

TEST(MarkdownReport, FailuresWithTheirRepro) {
  const std::string text = markdown_report(sample_report());
  EXPECT_TRUE(has(text, "<details><summary>FAIL <code>causal_conv1d:fwd dtype=bf16"));
  EXPECT_TRUE(has(text, "\n      repeat     packproof repro 'causal_conv1d:fwd"));
  // The crash wrote a fence of its own.
  EXPECT_TRUE(has(text, "\n````text\nCRASHED  pack_sequences:bwd len=2 seed=1\n"));
  EXPECT_FALSE(has(text, "KNOWN BUG"));
  EXPECT_FALSE(has(text, "MISTRUSTED"));
  EXPECT_TRUE(has(markdown_report(sample_report(), Inconclusive::failed), "MISTRUSTED"));
}

TEST(MarkdownReport, ShowsTheSmallestCaseOfEachKindOfFailure) {
  RunReport report;
  for (const char* lengths : {"67*1", "1,2,3", "1000"}) {
    report.records.push_back(sample_mismatch());
    report.records.back().descriptor = fmt::format("causal_conv1d:fwd len={} seed=1", lengths);
  }
  const std::string text = markdown_report(report);
  EXPECT_TRUE(has(text,
                  "\n<details><summary>FAIL <code>causal_conv1d:fwd len=1,2,3 seed=1</code> (3 "
                  "cases: causal_conv1d:fwd y, looks like leak across a boundary)</summary>\n"))
      << text;
  EXPECT_TRUE(has(text, "\n      alike      2 more, "));
  EXPECT_FALSE(has(text, "len=1000"));
}

TEST(MarkdownReport, StaysWithinAComment) {
  RunReport report;
  report.records.assign(500, sample_mismatch());
  for (std::size_t i = 0; i < 500; ++i) report.records[i].op = "op" + std::to_string(i);
  const std::string text = markdown_report(report);
  EXPECT_LE(text.size(), 60000U);
  EXPECT_GT(text.size(), 50000U);
  EXPECT_TRUE(has(text, " more kinds did not fit here"));
  EXPECT_TRUE(has(text, "<details><summary>Environment</summary>"));
}

TEST(MarkdownReport, WorstMarginsNameACaseOnce) {
  RunReport report;
  report.records = {sample_pass()};
  TensorReport& y = report.records[0].tensors[0];
  y.worst.push_back(y.worst[0]);
  y.worst.back().where = "segment 0";
  y.worst.back().limit /= 2;
  const std::string text = markdown_report(report);
  EXPECT_TRUE(has(text, "| segment 0 | causal"));
  EXPECT_FALSE(has(text, "| segment 1 | causal"));
}

TEST(MarkdownReport, WorstMarginsFirst) {
  RunReport report;
  for (int i = 1; i <= 12; ++i) {
    Record record = sample_pass();
    record.tensors[0].worst[0].limit = 0.0031 * (14 - i);
    record.tensors[0].worst[0].where = "segment " + std::to_string(i);
    report.records.push_back(record);
  }
  report.records.push_back(sample_mismatch());
  const std::string text = markdown_report(report);
  EXPECT_TRUE(has(text,
                  "|---|---|---|\n| 2.00 | 3.1e-03 | 6.2e-03 | 3.5e-03 | 1.7e-03 | y | "
                  "segment 12 | causal\\_conv1d:fwd "))
      << text;
  EXPECT_TRUE(has(text, "| segment 3 |"));
  EXPECT_FALSE(has(text, "| segment 2 |"));  // the eleventh
  EXPECT_FALSE(has(text, "| inf |"));
}

}  // namespace
}  // namespace packproof::reports
