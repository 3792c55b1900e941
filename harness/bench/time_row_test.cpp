#include "harness/bench/time_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  const BenchRow row = time_row(planned_row(op, kSmall), kFewSamples, "");
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

TEST(TimeRow, TakesNoKernelsOfOursInCurvesOnAHost) {
  const PlannedRow planned =
      planned_row(*find_op("l2norm"), kSmall, reports::BenchPart::break_even);
  EXPECT_FALSE(times_candidate(planned, BenchDevice::host));
  EXPECT_TRUE(times_candidate(planned, BenchDevice::gpu));
  EXPECT_THAT(time_row(planned, kFewSamples, "").series, SizeIs(2));
}

TEST(TimeRow, DoesNotRunWhatMayNotBeTimed) {
  const Op op = with_kernels("l2norm", [](const DeviceCall&) -> Returned {
    throw std::logic_error("it runs all the same");
  });
  const BenchRow row = time_row(planned_row(op, kSmall), kFewSamples, "mismatch in y");
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
  const BenchRow row = time_row(planned_row(op, kSmall), kFewSamples, "");
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
  TimingOptions slow = kFewSamples;
  slow.slowdown = 5;
  const BenchRow row = time_row(planned_row(op, kSmall), slow, "");
  EXPECT_THAT(series_of(row, "simt").samples_us, Each(Ge(1000)));
}

}  // namespace
}  // namespace packproof::harness
