#include "reports/comparison/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "reports/files/report_error.h"
#include "reports/testing/sample_comparison.h"

namespace packproof::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<double> steady(double middle_us, std::uint64_t stream = 1) {
  return NoisySamples(7, stream).draw(30, middle_us, {.sigma = 0.01, .late = 0});
}

BenchRun run_of(std::vector<Series> series) {
  return sample_bench_run({sample_row("l2norm:fwd len=1", std::move(series))});
}

Comparison compare(const BenchRun& before, const BenchRun& after,
                   const ComparisonOptions& options = {}) {
  return compare_runs({"old.json", before}, {"new.json", after}, options);
}

std::vector<Change> changes_of(const Comparison& comparison) {
  std::vector<Change> changes;
  changes.reserve(comparison.series.size());
  for (const ComparedSeries& series : comparison.series) changes.push_back(series.change);
  return changes;
}

std::string error_of(const BenchRun& before, const BenchRun& after) {
  try {
    compare(before, after);
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

const Series kCold = sample_series("cuda", Clock::events_cold, steady(100));
const Series kColdAgain = sample_series("cuda", Clock::events_cold, steady(100, 2));
const Series kHost = sample_series("simt", Clock::host, steady(900));

TEST(Comparison, HasEveryChange) {
  const Comparison comparison = sample_comparison();
  EXPECT_THAT(changes_of(comparison),
              ElementsAre(Change::same, Change::slower, Change::not_comparable, Change::faster,
                          Change::unclear, Change::only_old, Change::only_new));
  EXPECT_EQ(counts_line(comparison),
            "7 series: 1 slower, 1 unclear, 1 not comparable, 1 only old, 1 only new, 1 faster, "
            "1 same");
  EXPECT_THAT(comparison.series[2].detail, HasSubstr("refused (faster than a copy"));
  EXPECT_THAT(comparison.series[4].detail, HasSubstr("3 and 3 samples; at least 5"));
  EXPECT_THAT(comparison.warnings, ElementsAre("build type: Release, then Debug"));
}

TEST(Comparison, TellsWhatItSaw) {
  const Comparison comparison =
      compare(run_of({kCold}), run_of({sample_series("cuda", Clock::events_cold, steady(125, 2))}));
  const ComparedSeries& series = comparison.series.at(0);
  EXPECT_EQ(series.change, Change::slower);
  EXPECT_NEAR(series.old_side->median_us, 100, 1);
  EXPECT_NEAR(series.new_side->median_us, 125, 1);
  EXPECT_EQ(series.new_side->samples, 30);
  EXPECT_LT(series.new_side->median_interval_us->low, series.new_side->median_us);
  EXPECT_NEAR(series.evidence->ratio.estimate, 1.25, 0.01);
  EXPECT_LT(series.evidence->p, 1e-9);
}

TEST(Comparison, CorrectsForTheNumberOfSeries) {
  // Apart by 20 % with 5 samples a side, which by chance happens to 1 of 126.
  const auto five = [](double middle_us) {
    return sample_series("cuda", Clock::events_cold,
                         {middle_us, middle_us + 1, middle_us + 2, middle_us + 3, middle_us + 4});
  };
  EXPECT_THAT(changes_of(compare(run_of({five(100)}), run_of({five(120)}))),
              ElementsAre(Change::slower));
  const Comparison two = compare(run_of({five(100), five(100)}), run_of({five(120), five(120)}));
  EXPECT_THAT(changes_of(two), ElementsAre(Change::unclear, Change::unclear));
  EXPECT_NEAR(two.series[0].evidence->p, 2 * 2.0 / 252, 1e-12);
}

TEST(Comparison, MatchesByPartDescriptorImplementationAndClock) {
  Series graph = kCold;
  graph.clock = Clock::graph_warm;
  BenchRun before = run_of({kCold, graph}), after = run_of({graph, kCold});
  after.rows.insert(after.rows.begin(), before.rows[0]);
  after.rows[0].part = BenchPart::tokens;
  EXPECT_THAT(changes_of(compare(before, after)),
              ElementsAre(Change::same, Change::same, Change::only_new, Change::only_new));
}

TEST(Comparison, MatchesSeriesOfOneNameInTheirOrder) {
  const Series slow = sample_series("cuda", Clock::events_cold, steady(200));
  EXPECT_THAT(changes_of(compare(run_of({kCold, slow}), run_of({kCold, slow, kCold}))),
              ElementsAre(Change::same, Change::same, Change::only_new));
}

TEST(Comparison, NeverComparesTimesOfOtherClocks) {
  Series graph = kCold;
  graph.clock = Clock::graph_warm;
  const Comparison comparison = compare(run_of({kCold, kHost}), run_of({graph, kHost}));
  EXPECT_THAT(changes_of(comparison), ElementsAre(Change::not_comparable, Change::same));
  EXPECT_THAT(comparison.series[0].detail, HasSubstr("CUDA graph"));
}

TEST(Comparison, ComparesTimesOfOtherDevicesOnlyWhenAsked) {
  BenchRun before = run_of({kCold, kHost}), after = before;
  after.device = "NVIDIA H100, driver 580.1";
  const Comparison comparison = compare(before, after);
  EXPECT_THAT(changes_of(comparison), ElementsAre(Change::not_comparable, Change::same));
  EXPECT_THAT(comparison.series[0].detail, HasSubstr("timed on NVIDIA H200, then on NVIDIA H100"));
  EXPECT_FALSE(comparison.series[0].evidence);
  EXPECT_THAT(changes_of(compare(before, after, {.machines = Machines::any})),
              ElementsAre(Change::same, Change::same));
  after.environment.cpu = "EPYC";
  EXPECT_THAT(error_of(before, after), HasSubstr("--across-machines"));
}

TEST(Comparison, OnlyWarnsOfAnotherDriver) {
  BenchRun before = run_of({kCold}), after = before;
  after.device = "NVIDIA H200, driver 590.2";
  after.environment.commit = "def5678";  // is why one compares
  const Comparison comparison = compare(before, after);
  EXPECT_THAT(changes_of(comparison), ElementsAre(Change::same));
  EXPECT_THAT(comparison.warnings, ElementsAre(HasSubstr("driver 590.2")));
  EXPECT_THAT(compare(before, before).warnings, IsEmpty());
}

TEST(Comparison, OnTheHostAnotherNumberOfThreadsIsAnotherMachine) {
  BenchRun before = run_of({kHost}), after = before;
  before.device = "host, 2 threads";
  after.device = "host, 8 threads";
  EXPECT_THAT(error_of(before, after), HasSubstr("timed on Xeon (host, 2 threads)"));
}

TEST(Comparison, SaysThatTheClockOfTheGpuDiffered) {
  Series before = kCold, after = kColdAgain;
  before.sm_clock_mhz.assign(30, 1980);
  after.sm_clock_mhz.assign(30, 1605);
  EXPECT_EQ(compare(run_of({before}), run_of({after})).series[0].detail,
            "SM clock 1980 MHz, then 1605 MHz");
  after.sm_clock_mhz.assign(30, 1965);
  EXPECT_EQ(compare(run_of({before}), run_of({after})).series[0].detail, "");
}

TEST(Comparison, LeavesOutWhatWasTimedInNeitherRun) {
  Series untimed = sample_series("padded LibTorch", Clock::events_cold, {});
  untimed.state = SeriesState::not_timed;
  const Comparison comparison = compare(run_of({kCold, untimed}), run_of({kCold, untimed}));
  EXPECT_EQ(counts_line(comparison), "1 series: 1 same; 1 more timed in neither run");
  EXPECT_THAT(error_of(run_of({untimed}), run_of({untimed})), HasSubstr("was timed in both runs"));
}

TEST(Comparison, DoesNotTakeZeroForATime) {
  Series zero = kCold;
  zero.samples_us[3] = 0;
  const Comparison comparison = compare(run_of({kCold, kHost}), run_of({zero, kHost}));
  EXPECT_EQ(comparison.series[0].change, Change::not_comparable);
  EXPECT_THAT(comparison.series[0].detail, HasSubstr("a sample of 0 us"));
}

TEST(Comparison, OfNothingInCommonIsAnErrorThatSaysWhatEachHas) {
  BenchRun other = run_of({kCold});
  other.rows[0].op = "causal_conv1d";
  other.rows[0].descriptor = "causal_conv1d:fwd len=1";
  const std::string error = error_of(run_of({kCold, kHost}), other);
  EXPECT_THAT(error, HasSubstr("nothing in common"));
  EXPECT_THAT(error, HasSubstr("'old.json' has 2 series of l2norm:fwd by cuda, simt"));
  EXPECT_THAT(error, HasSubstr("'new.json' has 1 series of causal_conv1d:fwd by cuda"));
  EXPECT_THAT(error_of(sample_bench_run({}), other), HasSubstr("'old.json' has no series"));
}

TEST(Comparison, RefusesAThresholdThatNothingExceeds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double threshold : {std::nan(""), kInfinity, -kInfinity, 0.0, -0.05})
    EXPECT_THROW(compare(run_of({kCold}), run_of({kCold}), {.threshold = threshold}), ReportError)
        << threshold;
}

TEST(Comparison, MissesOnlyWhatTheOldRunTimed) {
  Series untimed = sample_series("fla", Clock::events_cold, {});
  untimed.state = SeriesState::not_timed;
  EXPECT_THAT(missing_series(compare(run_of({kCold, untimed}), run_of({kCold}))), IsEmpty());
  const Comparison comparison = compare(run_of({kCold, kHost}), run_of({kCold}));
  ASSERT_EQ(missing_series(comparison).size(), 1U);
  EXPECT_EQ(missing_series(comparison)[0]->implementation, "simt");
}

}  // namespace
}  // namespace packproof::reports
