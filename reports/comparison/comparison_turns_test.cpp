// Runs of two builds that took turns.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/comparison/comparison_text.h"
#include "reports/testing/sample_comparison.h"

namespace packproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

Comparison compare(const BenchRun& before, const BenchRun& after) {
  return compare_runs({"old.json", before}, {"new.json", after}, {});
}

// A machine that changes its pace from minute to minute, and by a third: a sample of each side.
class InTurns : public testing::Test {
 protected:
  static BenchRun side(double factor, std::string turns_id = "a", std::uint64_t stream = 1) {
    NoisySamples noise(3, stream), pace(3, 9);
    Series series = sample_series("simt", Clock::host, {});
    for (std::int64_t turn = 0; turn < 30; ++turn) {
      if (turn % 5 == 0) current_pace_ = 70 * (1 + 0.5 * pace.uniform());
      series.samples_us.push_back(factor * noise.draw(1, current_pace_, {.sigma = 0.01})[0]);
      series.turns.push_back(turn);
    }
    BenchRun run = sample_bench_run({sample_row("l2norm:fwd len=1", {std::move(series)})});
    run.turns_id = std::move(turns_id);
    return run;
  }

 private:
  static inline double current_pace_ = 0;
};

TEST_F(InTurns, SamplesAreJudgedInPairs) {
  const Comparison same = compare(side(1, "a", 1), side(1, "a", 2));
  EXPECT_EQ(same.series[0].change, Change::same);
  EXPECT_EQ(same.series[0].evidence->pairs, 30);
  EXPECT_THAT(comparison_table(same), HasSubstr("samples of 1 series were taken in turns"));
  EXPECT_THAT(comparison_markdown(same), HasSubstr("samples of 1 series were taken in turns"));
  EXPECT_EQ(compare(side(1, "a", 1), side(1.1, "a", 2)).series[0].change, Change::slower);
  const Comparison faster = compare(side(1.1, "a", 1), side(1, "a", 2));
  EXPECT_EQ(faster.series[0].change, Change::faster) << comparison_table(faster);
}

TEST_F(InTurns, OtherTurnsAreNoPairs) {
  for (const auto& [before, after] : {std::pair{"a", "b"}, {"", ""}, {"a", ""}}) {
    const Comparison apart = compare(side(1, before, 1), side(1, after, 2));
    EXPECT_EQ(apart.series[0].evidence->pairs, 0);
    EXPECT_THAT(comparison_table(apart), Not(HasSubstr("in turns")));
  }
  // Times of peers are in both runs and were taken by nobody's turn.
  BenchRun before = side(1), after = side(1);
  before.rows[0].series[0].turns.clear();
  EXPECT_EQ(compare(before, after).series[0].evidence->pairs, 0);
}

// A sample that one side dropped: those behind it must not move up.
TEST_F(InTurns, ASampleWithoutPartnerIsLeftOut) {
  const BenchRun before = side(1, "a", 1);
  BenchRun after = side(1, "a", 2);
  Series& series = after.rows[0].series[0];
  for (const int gone : {20, 9, 0}) {
    series.samples_us.erase(series.samples_us.begin() + gone);
    series.turns.erase(series.turns.begin() + gone);
  }
  const Comparison comparison = compare(before, after);
  EXPECT_EQ(comparison.series[0].evidence->pairs, 27);
  EXPECT_EQ(comparison.series[0].change, Change::same);
  series.samples_us.resize(7);
  series.turns.resize(7);
  const Comparison few = compare(before, after);
  EXPECT_EQ(few.series[0].change, Change::unclear);
  EXPECT_THAT(few.series[0].detail, HasSubstr("7 pairs of samples; at least 8"));
}

}  // namespace
}  // namespace packproof::reports
