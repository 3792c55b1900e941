#include "reports/records/known_bug_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/gate/junit_report.h"
#include "reports/markdown/markdown_report.h"
#include "reports/records/failure_text.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

using testing::HasSubstr;

RunReport with_known_bugs(int count) {
  RunReport run;
  for (int i = 0; i < count; ++i) {
    Record record = sample_mismatch();
    record.descriptor = "l2norm:fwd seed=" + std::to_string(i);
    record.known_bug = true;
    record.detail = "fla#101, mended in 0.5";
    run.records.push_back(record);
  }
  return run;
}

// Catches a reason that is read from the file and then shown nowhere.
TEST(KnownBugText, EveryReportGivesTheReason) {
  const RunReport run = with_known_bugs(1);
  const char* const reason = "fla#101, mended in 0.5; y[5, 12]: got 0.4375";
  EXPECT_THAT(reason_line(run.records[0]), HasSubstr(reason));
  EXPECT_THAT(known_bug_lines(run.records),
              HasSubstr("known bugs:\n  mismatch    l2norm:fwd seed=0\n              fla#101"));
  EXPECT_THAT(summary_text(run), HasSubstr(reason));
  EXPECT_THAT(junit_report(run, Inconclusive::skipped), HasSubstr("KNOWN BUG: fla#101"));
  EXPECT_THAT(markdown_report(run, Inconclusive::skipped), HasSubstr("fla\\#101, mended in 0.5"));
}

TEST(KnownBugText, CountsWhatItDoesNotList) {
  EXPECT_THAT(known_bug_lines(with_known_bugs(23).records), HasSubstr("\n  and 3 more\n"));
  EXPECT_THAT(known_bug_table(with_known_bugs(21).records), HasSubstr("|\n\nand 1 more\n"));
}

TEST(KnownBugText, IsEmptyWithoutAny) {
  EXPECT_EQ(known_bug_lines({}), "");
  Record failed = sample_mismatch();
  EXPECT_EQ(known_bug_table(std::span(&failed, 1)), "");
}

}  // namespace
}  // namespace packproof::reports
