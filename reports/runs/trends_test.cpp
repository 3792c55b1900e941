#include "reports/runs/trends.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "reports/testing/sample_bench.h"
#include "reports/testing/sample_report.h"

namespace packproof::reports {
namespace {

Named<BenchRun> bench(const std::string& name, SampleMachine machine) {
  machine.ops = {"pack"};
  return {.name = name, .file = name + ".json", .run = sample_bench(std::move(machine))};
}

TEST(Trends, AMedianIsOnOneLineWithItsEarlierSelf) {
  RunSet history, runs;
  history.benches = {bench("old", {.started = "2026-01-01T00:00:00Z", .slowness = 2}),
                     bench("older", {.started = "2025-01-01T00:00:00Z", .slowness = 3})};
  runs.benches = {bench("new", {.started = "2026-02-01T00:00:00Z"})};
  const Trends trends = trends_of(history, runs);
  ASSERT_FALSE(trends.medians.empty());
  for (const MedianTrend& trend : trends.medians) {
    ASSERT_EQ(trend.points.size(), 3U) << trend.title << " " << trend.implementation;
    EXPECT_EQ(trend.points[0].run, "older");
    EXPECT_EQ(trend.points[2].run, "new");
    EXPECT_DOUBLE_EQ(trend.points[0].median_us, 1.5 * trend.points[1].median_us);
  }
}

TEST(Trends, MachinesAndClocksAreNeverOneLine) {
  RunSet runs;
  runs.benches = {bench("a", {.device = "H200"}),
                  bench("b", {.device = "H100", .started = "2026-02-01T00:00:00Z"})};
  const Trends trends = trends_of({}, runs);
  EXPECT_TRUE(std::all_of(trends.medians.begin(), trends.medians.end(),
                          [](const MedianTrend& trend) { return trend.points.size() == 1; }));
}

TEST(Trends, ARunThatIsInTheFolderTooCountsOnce) {
  RunSet runs;
  runs.gates.push_back({.name = "gate", .file = "gate.json", .run = sample_report()});
  const Trends trends = trends_of(runs, runs);
  ASSERT_EQ(trends.passes.size(), 1U);
  EXPECT_EQ(trends.passes[0].candidate, "lib:./user.so, seeded:transformers-46588, simt");
  ASSERT_EQ(trends.passes[0].points.size(), 1U);
  EXPECT_EQ(trends.passes[0].points[0].passed, 1);
  EXPECT_EQ(trends.passes[0].points[0].failed, 4);
  EXPECT_EQ(trends.passes[0].points[0].total, 8);
}

}  // namespace
}  // namespace packproof::reports
