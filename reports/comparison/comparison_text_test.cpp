#include "reports/comparison/comparison_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/testing/sample_comparison.h"

namespace packproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ComparisonTable, ShowsEachSeriesUnderItsRow) {
  const std::string table = comparison_table(sample_comparison());
  EXPECT_THAT(table, HasSubstr("shapes: l2norm:fwd  l2norm:fwd len=1\n"));
  EXPECT_THAT(table, HasSubstr("warning: the runs differ in build type: Release, then Debug\n"));
  EXPECT_THAT(table, testing::ContainsRegex("fla +CUDA events, cold L2 .* us .* <1e-06 +slower\n"));
  EXPECT_THAT(table, testing::EndsWith(", 1 same\n"));
}

TEST(ComparisonMarkdown, PutsTheWorstFirstAndFits) {
  const std::string text = comparison_markdown(sample_comparison());
  EXPECT_THAT(text, HasSubstr("## packproof compare: slower\n"));
  EXPECT_LT(text.find("| slower |"), text.find("| unclear |"));
  EXPECT_LT(text.find("| unclear |"), text.find("| same |"));
  EXPECT_THAT(text, HasSubstr("a copy \\| 12 GB/s"));
  const std::string short_text = comparison_markdown(sample_comparison(), ShownSeries::all, 1000);
  EXPECT_LE(short_text.size(), 1000U);
  EXPECT_THAT(short_text, HasSubstr("| slower |"));
  EXPECT_THAT(short_text, HasSubstr("more did not fit here"));
  EXPECT_THAT(short_text, Not(HasSubstr("| same |")));
}

TEST(ComparisonTable, NamesWhatIsMissingOnALineOfItsOwn) {
  const std::string missing =
      "\nmissing from the new run: 1 series: l2norm:fwd len=3 (cuda); only the new run has 1: "
      "renamed?\n";
  EXPECT_THAT(comparison_table(sample_comparison()), HasSubstr(missing));
  EXPECT_THAT(comparison_table(sample_comparison(), ShownSeries::changed), HasSubstr(missing));
  EXPECT_THAT(comparison_markdown(sample_comparison()), HasSubstr("\nmissing from the new run: 1"));

  BenchRun before = sample_bench_run({}), after = before;
  for (int i = 1; i <= 6; ++i)
    before.rows.push_back(sample_row("l2norm:fwd len=" + std::to_string(i),
                                     {sample_series("cuda", Clock::host, {1, 1, 1, 1, 1, 1})}));
  after.rows = {before.rows[0]};
  const std::string table =
      comparison_table(compare_runs({"old.json", before}, {"new.json", after}, {}));
  EXPECT_THAT(table, HasSubstr("run: 5 series: l2norm:fwd len=2 (cuda); l2norm:fwd len=3 (cuda); "
                               "l2norm:fwd len=4 (cuda); and 2 more\n"));
}

TEST(ComparisonTable, OfWhatChangedHasTheSlowerFirstAndNothingThatIsTheSame) {
  const std::string table = comparison_table(sample_comparison(), ShownSeries::changed);
  const std::string before_counts = table.substr(0, table.find("\n7 series:"));
  EXPECT_THAT(before_counts, Not(HasSubstr(" same\n")));
  EXPECT_LT(table.find("  slower\n"), table.find("  unclear:"));
  EXPECT_LT(table.find("  unclear:"), table.find("  faster\n"));
  EXPECT_THAT(table, testing::EndsWith(", 1 same\n"));
  EXPECT_THAT(comparison_markdown(sample_comparison(), ShownSeries::changed),
              Not(HasSubstr("| same |")));
}

}  // namespace
}  // namespace packproof::reports
