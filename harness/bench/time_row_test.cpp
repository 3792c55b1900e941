#include "harness/bench/time_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/candidates/simt_run.h"
#include "harness/testing/function_candidate.h"
#include "harness/testing/planned_row_fixture.h"
#include "harness/timing/host_timer.h"

namespace packproof::harness {
namespace {

using reports::BenchRow;
using reports::Clock;
using reports::SeriesState;
using testing::Each;
using testing::Ge;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kSmall = "l2norm heads=2 dim=32 len=5,3";

TEST(TimeRow, TimesOurKernelsAndBothBaselines) {
  const Op& op = *find_op("l2norm");
  const BenchRow row = time_row(planned_row(op, kSmall), few_samples(), "");
  ASSERT_THAT(row.series, SizeIs(3));
  for (const char* name : {"simt", "packed LibTorch", "padded LibTorch"}) {
    const reports::Series& series = series_of(row, name);
    EXPECT_EQ(series.state, SeriesState::timed) << name << series.detail;
    EXPECT_EQ(series.clock, Clock::host);
    EXPECT_THAT(series.samples_us, SizeIs(3));
    EXPECT_THAT(series.samples_us, Each(Gt(0)));
    EXPECT_THAT(series.sm_clock_mhz, IsEmpty());
  }
}

// Whoever prepares calls is timed, and checked: no series knows the names of our own.
TEST(TimeRow, TimesAnyCandidate) {
  TimingOptions options = few_samples();
  options.candidate = function_candidate(
      {"l2norm"}, [](const Op& op, const Call& call) { return run_on_simt(op, call); });
  const Op& op = *find_op("l2norm");
  EXPECT_THAT(series_of(time_row(planned_row(op, kSmall), options, ""), "under test").samples_us,
              SizeIs(3));
  options.candidate = function_candidate({"l2norm"}, [](const Op&, const Call& call) {
    static unsigned char runs = 0;
    call.outputs.front().as<unsigned char>()[0] = ++runs;
    return all_outputs(call);
  });
  EXPECT_THAT(series_of(time_row(planned_row(op, kSmall), options, ""), "under test").detail,
              HasSubstr("C10"));
  EXPECT_EQ(untimed_row(planned_row(op, kSmall), options.candidate, "why").series[0].implementation,
            "under test");
}

TEST(TimeRow, TakesNoKernelsOfOursInCurvesOnAHost) {
  const PlannedRow planned =
      planned_row(*find_op("l2norm"), kSmall, reports::BenchPart::break_even);
  EXPECT_FALSE(times_candidate(planned, Device::host));
  EXPECT_TRUE(times_candidate(planned, Device::gpu));
  EXPECT_THAT(time_row(planned, few_samples(), "").series, SizeIs(2));
}

TEST(TimeRow, DoesNotRunWhatMayNotBeTimed) {
  const Op op = with_kernels("l2norm", [](const DeviceCall&) -> Returned {
    throw std::logic_error("it runs all the same");
  });
  const BenchRow row = time_row(planned_row(op, kSmall), few_samples(), "mismatch in y");
  EXPECT_EQ(series_of(row, "simt").state, SeriesState::not_timed);
  EXPECT_EQ(series_of(row, "simt").detail, "mismatch in y");
  EXPECT_THAT(series_of(row, "simt").samples_us, IsEmpty());
  EXPECT_EQ(series_of(row, "padded LibTorch").state, SeriesState::timed);
}

TEST(TimeRow, NoticesOutputsThatChangeWhileTimed) {
  const Op op = with_kernels("l2norm", [](const DeviceCall& call) {
    static unsigned char runs = 0;
    Returned returned = find_op("l2norm")->ours(call);
    static_cast<unsigned char*>(call.host.outputs.front().data)[0] ^= ++runs;
    return returned;
  });
  const BenchRow row = time_row(planned_row(op, kSmall), few_samples(), "");
  EXPECT_EQ(series_of(row, "simt").state, SeriesState::not_timed);
  EXPECT_THAT(series_of(row, "simt").detail, HasSubstr("C10"));
  EXPECT_THAT(series_of(row, "simt").samples_us, IsEmpty());
  EXPECT_EQ(series_of(row, "padded LibTorch").state, SeriesState::timed);
}

// A run of at least 0.2 ms by the clock that counts, slowed down to five times that.
TEST(TimeRow, IdlesBehindARunThatIsSlowedDown) {
  const Op op = with_kernels("l2norm", [](const DeviceCall& call) {
    Returned returned;
    for (double took_s = 0; took_s < 2e-4;)
      took_s += thread_seconds_of([&] { returned = find_op("l2norm")->ours(call); });
    return returned;
  });
  TimingOptions slow = few_samples();
  slow.slowdown = 5;
  const BenchRow row = time_row(planned_row(op, kSmall), slow, "");
  EXPECT_THAT(series_of(row, "simt").samples_us, Each(Ge(1000)));
}

}  // namespace
}  // namespace packproof::harness
