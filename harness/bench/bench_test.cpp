#include "harness/bench/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/planned_row_fixture.h"

namespace packproof::harness {
namespace {

using reports::SeriesState;
using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

BenchOptions options_for(const std::string& filter, std::int64_t tokens) {
  return {.selection = {.filters = {filter}, .tokens = tokens}, .timing = few_samples()};
}

TEST(RunBench, JudgesThenTimes) {
  std::vector<std::string> said, timed;
  const reports::BenchRun run =
      run_bench(options_for("l2norm:fwd*", 64),
                {.progress = [&](const std::string& line) { said.push_back(line); },
                 .timed = [&](const reports::BenchRow& row) { timed.push_back(row.descriptor); }})
          .run;
  EXPECT_EQ(run.device, "host, one thread");
  EXPECT_GT(run.ceilings.copy_gb_s, 0);
  ASSERT_THAT(run.rows, SizeIs(testing::Gt(3u)));
  ASSERT_THAT(timed, SizeIs(run.rows.size()));
  std::size_t of_ours = 0;
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    EXPECT_EQ(timed[i], run.rows[i].descriptor);
    for (const reports::Series& series : run.rows[i].series) {
      EXPECT_EQ(series.state, SeriesState::timed) << series.detail;
      of_ours += series.implementation == "simt";
    }
  }
  EXPECT_GT(of_ours, 0u);
  EXPECT_THAT(said, Contains(HasSubstr(std::to_string(of_ours) + " of " + std::to_string(of_ours) +
                                       " pass")));
}

// Judging that stops at once passes nothing.
TEST(RunBench, TimesOnlyWhatPassed) {
  BenchOptions options = options_for("chunk_gated_delta_rule:fwd*equal", 256);
  options.judge_timeout = std::chrono::seconds(0);
  const BenchRuns runs = run_bench(options, {});
  const reports::BenchRun& run = runs.run;
  ASSERT_THAT(run.rows, SizeIs(1));
  EXPECT_THAT(runs.not_passed, SizeIs(1));
  const reports::Series& ours = series_of(run.rows[0], "simt");
  EXPECT_EQ(ours.state, SeriesState::not_timed);
  EXPECT_THAT(ours.detail, HasSubstr("timed_out"));
  EXPECT_THAT(ours.detail, HasSubstr("see packproof repro '" + run.rows[0].judged + "'"));
  EXPECT_EQ(series_of(run.rows[0], "padded LibTorch").state, SeriesState::timed);
}

TEST(RunBench, SelectsBeforeItMeasures) {
  std::size_t said = 0;
  EXPECT_THROW(run_bench(options_for("no such row", 64),
                         {.progress = [&](const std::string&) { ++said; }, .timed = {}}),
               CaseError);
  EXPECT_EQ(said, 0u);
}

}  // namespace
}  // namespace packproof::harness
