#include "reports/markdown/markdown_runs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/bench/series_summary.h"
#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

Named<BenchRun> bench(const SampleMachine& machine) {
  return {.name = "bench", .file = "bench.json", .run = sample_bench(machine)};
}

TEST(MarkdownRuns, ABenchTableHasRatiosAndCeilings) {
  const std::string text = markdown_bench(bench({}));
  EXPECT_THAT(text, HasSubstr("## packproof bench: 234 rows on NVIDIA H200"));
  EXPECT_THAT(text,
              HasSubstr("as fast as the padded baseline (geometric mean of 36 rows; 0 slower"));
  EXPECT_THAT(text, HasSubstr("% of matmul |"));
  EXPECT_THAT(text, HasSubstr("4120 GB/s copy, 790 TFLOP/s matmul"));
  EXPECT_THAT(text, Not(HasSubstr(std::string(kHostTimeNote))));
  EXPECT_THAT(text, HasSubstr("more times"));
}

TEST(MarkdownRuns, HostTimesAreMarkedInEveryLine) {
  const std::string text = markdown_bench(bench({.device = "Xeon", .host = true}));
  std::size_t marks = 0;
  for (std::size_t at = text.find(kHostTimeNote); at != std::string::npos;
       at = text.find(kHostTimeNote, at + 1))
    ++marks;
  EXPECT_GE(marks, 36U);
  EXPECT_THAT(text, HasSubstr("× slower than the padded baseline (geometric mean of 36 rows; 36 "));
  EXPECT_THAT(text, Not(HasSubstr("% of copy")));
}

TEST(MarkdownRuns, WhatWasNotTimedSaysWhy) {
  Named<BenchRun> named = bench({.ops = {"pack"}});
  Series& first = named.run.rows[1].series[0];
  first.state = SeriesState::refused;
  first.detail = "112 % of the copy | ceiling";
  EXPECT_THAT(markdown_bench(named), HasSubstr("refused: 112 % of the copy \\| ceiling"));
  named.run.rows.clear();
  EXPECT_THAT(markdown_bench(named), HasSubstr("Nothing was timed."));
}

TEST(MarkdownRuns, SeveralRunsAreNamedAndFitIntoAComment) {
  RunSet runs;
  for (const char* name : {"first", "second"}) {
    runs.gates.push_back({.name = name, .file = "", .run = sample_report()});
    for (int i = 0; i < 200; ++i) runs.gates.back().run.records.push_back(sample_mismatch());
  }
  runs.benches.push_back(bench({}));
  const std::string text = markdown_runs(runs);
  EXPECT_THAT(text, HasSubstr("**first**"));
  EXPECT_THAT(text, HasSubstr("**second**"));
  EXPECT_THAT(text, HasSubstr("## packproof bench"));
  EXPECT_LT(text.size(), 62000U);
}

}  // namespace
}  // namespace packproof::reports
