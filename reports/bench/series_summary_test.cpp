#include "reports/bench/series_summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <utility>

namespace packproof::reports {
namespace {

using testing::Optional;

Series series(const std::string& implementation, double us, Clock clock = Clock::events_cold) {
  return {.implementation = implementation, .clock = clock, .samples_us = {us, us, us}};
}

BenchRun run_of(std::vector<Series> all) {
  BenchRun run;
  run.ceilings = {1000, 100, ""};
  BenchRow row{.op = "op", .direction = "fwd", .model = "m", .descriptor = "d"};
  row.valid_tokens = 1000;
  row.bytes = 1e6;  // 1 us at 1000 GB/s
  row.flops = 2e8;  // 2 us at 100 TFLOP/s
  row.series = std::move(all);
  run.rows.push_back(std::move(row));
  return run;
}

std::vector<SeriesSummary> summaries(const BenchRun& run) {
  return summarize_series(run.rows[0], run);
}

TEST(SeriesSummary, RatesAreSharesOfTheCeilings) {
  const BenchRun run = run_of({series("cuda", 4)});
  const SeriesSummary summary = summaries(run)[0];
  EXPECT_THAT(summary.median_us, Optional(4));
  EXPECT_THAT(summary.gb_s, Optional(250));
  EXPECT_THAT(summary.copy_share, Optional(0.25));
  EXPECT_THAT(summary.tflop_s, Optional(50));
  EXPECT_THAT(summary.matmul_share, Optional(0.5));
  EXPECT_THAT(summary.floor_ratio, Optional(2));
  EXPECT_THAT(summary.valid_tokens_s, Optional(2.5e8));
  EXPECT_FALSE(summary.over_padded);
  EXPECT_FALSE(summary.over_peer);
}

TEST(SeriesSummary, RatiosStayWithinOneClock) {
  const BenchRun run = run_of({series("cuda", 4), series("padded LibTorch", 8),
                               series("padded LibTorch", 400, Clock::graph_warm), series("fla", 6),
                               series("slow", 60), series("fla", 1, Clock::host)});
  const auto all = summaries(run);
  EXPECT_THAT(all[0].over_padded, Optional(2));
  EXPECT_THAT(all[0].over_peer, Optional(1.5));
  EXPECT_EQ(all[0].peer, "fla");
  EXPECT_FALSE(all[1].over_padded);  // is the padded baseline
  EXPECT_THAT(all[3].over_peer, Optional(4.0 / 6));
  EXPECT_FALSE(all[5].over_padded);
}

TEST(SeriesSummary, WhatWasRefusedOrNotTimedHasNoNumbers) {
  std::vector<Series> all = {series("cuda", 4), series("fla", 0.1)};
  all[1].state = SeriesState::refused;
  all.push_back({.implementation = "sdpa", .state = SeriesState::not_timed, .detail = "no memory"});
  const BenchRun run = run_of(std::move(all));
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_FALSE(summaries(run)[i].median_us);
    EXPECT_FALSE(summaries(run)[i].gb_s);
  }
  EXPECT_FALSE(summaries(run)[0].over_peer);  // 0.1 us means nothing
}

TEST(SeriesSummary, HostTimesHaveNoCeilingsOfAGpu) {
  const BenchRun beside = run_of({series("cuda", 4), series("simt", 4000, Clock::host)});
  EXPECT_FALSE(summaries(beside)[1].copy_share);
  EXPECT_FALSE(summaries(beside)[1].floor_ratio);
  const BenchRun alone = run_of({series("simt", 4000, Clock::host)});
  EXPECT_TRUE(summaries(alone)[0].copy_share);
}

TEST(BenchHeadline, IsTheGeometricMeanOfTheFirstImplementation) {
  BenchRun run = run_of({series("cuda", 4), series("padded LibTorch", 8), series("fla", 1)});
  run.rows.push_back(run.rows[0]);
  run.rows[1].series[1] = series("padded LibTorch", 2);
  run.rows.push_back(run.rows[0]);
  run.rows[2].part = BenchPart::break_even;  // is there to show where padding wins
  const auto headline = headline_of(run);
  ASSERT_TRUE(headline);
  EXPECT_EQ(headline->implementation, "cuda");
  EXPECT_EQ(headline->rows, 2);
  EXPECT_EQ(headline->rows_slower, 1);
  EXPECT_DOUBLE_EQ(headline->over_padded, 1);  // 2 and 1/2
  EXPECT_DOUBLE_EQ(headline->best_share, 0.5);
  EXPECT_FALSE(headline_of(run_of({})));
}

}  // namespace
}  // namespace packproof::reports
