#include "reports/records/summary.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

Record with(Outcome outcome) {
  Record record;
  record.outcome = outcome;
  return record;
}

TEST(UnitReport, MarginIsNeverNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  UnitReport unit;
  EXPECT_EQ(unit.margin(), infinity);  // no error, no limit
  unit.error = 0.5;
  unit.limit = 2;
  EXPECT_EQ(unit.margin(), 4);
  unit.error = nan;
  EXPECT_EQ(unit.margin(), 0);
  unit.error = unit.limit = infinity;
  EXPECT_EQ(unit.margin(), 0);
}

TEST(Summary, NamesEveryOutcomeOnce) {
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kOutcomes[i]), i);
    EXPECT_NE(name_of(kOutcomes[i]), "?");
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(name_of(kOutcomes[i]), name_of(kOutcomes[j]));
  }
}

TEST(Summary, StandingOfEachOutcome) {
  EXPECT_EQ(standing_of(with(Outcome::pass)), Standing::passed);
  EXPECT_EQ(standing_of(with(Outcome::mismatch)), Standing::failed);
  EXPECT_EQ(standing_of(with(Outcome::refused)), Standing::failed);
  EXPECT_EQ(standing_of(with(Outcome::skipped)), Standing::skipped);
  EXPECT_EQ(standing_of(with(Outcome::crashed)), Standing::errored);
  EXPECT_EQ(standing_of(with(Outcome::timed_out)), Standing::errored);
  EXPECT_EQ(standing_of(with(Outcome::mistrusted)), Standing::skipped);
  EXPECT_EQ(standing_of(with(Outcome::mistrusted), Inconclusive::failed), Standing::failed);
  Record known = with(Outcome::crashed);
  known.known_bug = true;
  EXPECT_EQ(standing_of(known), Standing::skipped);
  known.outcome = Outcome::pass;
  EXPECT_EQ(standing_of(known), Standing::passed);
}

TEST(Summary, CountsAndVerdict) {
  Summary summary;
  EXPECT_EQ(verdict_word(summary), "NOTHING RAN");
  EXPECT_EQ(counts_line(summary), "0 cases");
  summary.add(with(Outcome::skipped));
  EXPECT_EQ(verdict_word(summary), "NOTHING RAN");
  summary.add(with(Outcome::pass));
  EXPECT_EQ(verdict_word(summary), "PASS");
  summary.add(with(Outcome::mistrusted));
  EXPECT_EQ(verdict_word(summary), "INCONCLUSIVE");
  summary.add(with(Outcome::crashed));
  EXPECT_EQ(verdict_word(summary), "FAIL");
  EXPECT_EQ(counts_line(summary), "4 cases: 1 pass, 1 skipped, 1 mistrusted, 1 crashed");
}

TEST(Summary, DoubtIsNoFaultUnderStrictEither) {
  Record known = with(Outcome::mistrusted);
  known.known_bug = true;
  EXPECT_EQ(verdict_word(summarize(std::vector{with(Outcome::pass), known})), "PASS");
  const std::vector<Record> records = {with(Outcome::pass), with(Outcome::mistrusted)};
  const Summary strict = summarize(records, Inconclusive::failed);
  EXPECT_EQ(verdict_word(strict), "INCONCLUSIVE");
  EXPECT_EQ(strict.failures(), 1);
  EXPECT_EQ(strict.faults, 0);
}

TEST(Summary, KnownBugAloneDoesNotFail) {
  Record known = sample_mismatch();
  known.known_bug = true;
  const std::vector<Record> records = {sample_pass(), known};
  const Summary summary = summarize(records);
  EXPECT_EQ(verdict_word(summary), "PASS");
  EXPECT_EQ(counts_line(summary), "2 cases: 1 pass, 1 mismatch (1 known bug)");
}

TEST(Summary, Durations) {
  EXPECT_EQ(duration_text(0.0004), "0 ms");
  EXPECT_EQ(duration_text(0.25), "250 ms");
  EXPECT_EQ(duration_text(0.9999), "1.0 s");
  EXPECT_EQ(duration_text(12.34), "12.3 s");
  EXPECT_EQ(duration_text(59.96), "1 min 00 s");
  EXPECT_EQ(duration_text(245), "4 min 05 s");
  EXPECT_EQ(duration_text(3720), "1 h 02 min");
  EXPECT_EQ(duration_text(std::nan("")), "unknown time");
}

TEST(Summary, BlockListsWhatRepeatsEachFailure) {
  const std::string text = summary_text(sample_report());
  EXPECT_NE(text.find("--candidate seeded:transformers-46588 --schedule random:3\n"),
            std::string::npos);
  // The known bug is no failure: it has a list of its own.
  EXPECT_LT(text.find("fill=tiny"), text.find("not passed, and "));
  EXPECT_EQ(text.find("fill=tiny", text.find("not passed, and ")), std::string::npos);
  EXPECT_NE(text.find("\nFAIL  8 cases: 1 pass, 2 mismatch, 1 refused, 1 skipped, 1 mistrusted, "
                      "1 crashed, 1 timed_out (1 known bug) in 12.2 s\n"),
            std::string::npos)
      << text;
}

TEST(Summary, BlockIsBounded) {
  RunReport report;
  report.records.assign(50, sample_mismatch());
  for (std::size_t i = 0; i < 50; ++i) report.records[i].op = "op" + std::to_string(i / 2);
  const std::string text = summary_text(report);
  EXPECT_NE(text.find("\n      2  op19:fwd y, "), std::string::npos) << text;
  EXPECT_EQ(text.find("op20:fwd"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  and 5 more kinds\n"), std::string::npos) << text;
}

}  // namespace
}  // namespace packproof::reports
