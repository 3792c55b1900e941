#include "harness/bench/machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packproof::harness {
namespace {

using reports::BenchRow;
using reports::Ceilings;
using reports::Clock;
using reports::Series;
using reports::SeriesState;
using testing::HasSubstr;

constexpr double kMegabyte = 1e6, kGigabyte = 1e9;

Ceilings some_ceilings() { return {.copy_gb_s = 100, .matmul_tflop_s = 2, .how = "assumed"}; }

// Whether a series with these samples survives.
Series held(double bytes, double flops, Clock clock, std::vector<double> samples_us,
            const Ceilings& ceilings = some_ceilings()) {
  BenchRow row;
  row.bytes = bytes;
  row.flops = flops;
  row.series = {{.implementation = "cuda", .clock = clock, .samples_us = std::move(samples_us)}};
  refuse_impossible(row, ceilings);
  return row.series.front();
}

TEST(RefuseImpossible, HoldsAHostToTheFastestCopy) {
  EXPECT_EQ(held(kMegabyte, 0, Clock::host, {10.1}).state, SeriesState::timed);
  const Series refused = held(kMegabyte, 0, Clock::host, {8});
  EXPECT_EQ(refused.state, SeriesState::refused);
  EXPECT_THAT(refused.detail, HasSubstr("125 GB/s, where a copy reached 100"));
  EXPECT_EQ(refused.samples_us, std::vector{8.0});  // for whoever wants to know why
}

TEST(RefuseImpossible, JudgesTheMedianNotASample) {
  EXPECT_EQ(held(kMegabyte, 0, Clock::host, {1, 11, 12}).state, SeriesState::timed);
  EXPECT_EQ(held(kMegabyte, 0, Clock::host, {1, 9, 12}).state, SeriesState::refused);
}

TEST(RefuseImpossible, HoldsAGpuToCopiesOnlyBeyondItsCache) {
  for (const Clock clock : {Clock::events_cold, Clock::graph_warm}) {
    EXPECT_EQ(held(50 * kMegabyte, 0, clock, {400}).state, SeriesState::timed);  // 125 GB/s
    EXPECT_EQ(held(kGigabyte, 0, clock, {8000}).state, SeriesState::refused);    // as fast
    EXPECT_EQ(held(kGigabyte, 0, clock, {10100}).state, SeriesState::timed);
  }
}

TEST(RefuseImpossible, HoldsArithmeticToAMatrixProduct) {
  for (const Clock clock : {Clock::host, Clock::events_cold, Clock::graph_warm}) {
    const Series refused = held(0, 3e6, clock, {1});
    EXPECT_EQ(refused.state, SeriesState::refused);
    EXPECT_THAT(refused.detail, HasSubstr("3 TFLOP/s, where a matrix product reached 2"));
    EXPECT_EQ(held(0, 1.9e6, clock, {1}).state, SeriesState::timed);
  }
}

TEST(RefuseImpossible, RefusesNothingWithoutCeilings) {
  EXPECT_EQ(held(kGigabyte, 1e12, Clock::host, {1}, {}).state, SeriesState::timed);
}

TEST(RefuseImpossible, LeavesWhatIsNotTimedAlone) {
  BenchRow row;
  row.bytes = kGigabyte;
  row.series = {{.implementation = "simt",
                 .state = SeriesState::not_timed,
                 .detail = "mismatch",
                 .samples_us = {1}},
                {.implementation = "empty"}};
  refuse_impossible(row, some_ceilings());
  EXPECT_EQ(row.series[0].state, SeriesState::not_timed);
  EXPECT_EQ(row.series[0].detail, "mismatch");
  EXPECT_EQ(row.series[1].state, SeriesState::timed);
}

TEST(MeasureMachine, MeasuresAHost) {
  const Machine machine = measure_machine({.series_seconds = 0});
  EXPECT_EQ(machine.device, "host, one thread");
  EXPECT_GT(machine.ceilings.copy_gb_s, 0);
  EXPECT_GT(machine.ceilings.matmul_tflop_s, 0);
  EXPECT_THAT(machine.ceilings.how, HasSubstr("copy"));
}

}  // namespace
}  // namespace packproof::harness
