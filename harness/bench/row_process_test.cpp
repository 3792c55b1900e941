#include "harness/bench/row_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

#include "harness/testing/planned_row_fixture.h"
#include "harness/testing/program_fixture.h"

namespace packproof::harness {
namespace {

using reports::BenchRow;
using reports::SeriesState;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::chrono::seconds kLong{60};

std::vector<BenchRow> timed_rows(const std::vector<PlannedRow>& planned,
                                 const NotPassed& not_passed = {},
                                 std::chrono::seconds timeout = kLong) {
  std::vector<BenchRow> rows;
  time_rows(planned, not_passed, few_samples(), nullptr, timeout,
            [&](TimedRow row) { rows.push_back(std::move(row.ours)); });
  return rows;
}

// Three rows of one op and part; `ours` runs in the middle one.
std::vector<PlannedRow> three_rows(const Op& broken) {
  const Op& healthy = *find_op("l2norm");
  return {planned_row(healthy, "l2norm heads=2 dim=32 len=5"),
          planned_row(broken, "l2norm heads=2 dim=32 len=6"),
          planned_row(healthy, "l2norm heads=2 dim=32 len=7")};
}

void expect_only_the_middle_lost(const std::vector<BenchRow>& rows, const std::string& why) {
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows[0].descriptor, HasSubstr("len=5"));
  EXPECT_THAT(rows[1].descriptor, HasSubstr("len=6"));
  EXPECT_THAT(rows[2].descriptor, HasSubstr("len=7"));
  for (const char* name : {"simt", "packed LibTorch", "padded LibTorch"}) {
    EXPECT_EQ(series_of(rows[0], name).state, SeriesState::timed);
    EXPECT_EQ(series_of(rows[1], name).state, SeriesState::not_timed);
    EXPECT_THAT(series_of(rows[1], name).detail, HasSubstr(why));
    EXPECT_EQ(series_of(rows[2], name).state, SeriesState::timed);
  }
}

TEST(TimeRows, GoOnBehindARowThatEndsItsProcess) {
  const Op aborts = with_kernels("l2norm", [](const DeviceCall&) -> Returned { std::abort(); });
  expect_only_the_middle_lost(timed_rows(three_rows(aborts)), "SIGABRT");
  const Op throws = with_kernels("l2norm", [](const DeviceCall&) -> Returned {
    throw std::runtime_error("the device is gone");
  });
  expect_only_the_middle_lost(timed_rows(three_rows(throws)), "the device is gone");
  const Op refuses = with_kernels(
      "l2norm", [](const DeviceCall&) -> Returned { throw Refusal("dim 32 is too few"); });
  expect_only_the_middle_lost(timed_rows(three_rows(refuses)), "dim 32 is too few");
}

TEST(TimeRows, GoOnBehindARowThatHangs) {
  const Op hangs = with_kernels("l2norm", [](const DeviceCall&) -> Returned {
    for (;;) std::this_thread::sleep_for(kLong);
  });
  const auto rows = timed_rows({planned_row(hangs, "l2norm heads=2 dim=32 len=5"),
                                planned_row(*find_op("sequence_index"), "sequence_index len=3")},
                               {}, std::chrono::seconds(2));
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_THAT(series_of(rows[0], "simt").detail, HasSubstr("time limit"));
  EXPECT_EQ(series_of(rows[1], "simt").state, SeriesState::timed);
}

TEST(TimeRows, LeaveOutWhatDidNotPass) {
  const std::vector<PlannedRow> planned = three_rows(*find_op("l2norm"));
  const auto rows = timed_rows(planned, {{planned[1].row.judged, "mismatch: y"}});
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(series_of(rows[0], "simt").state, SeriesState::timed);
  EXPECT_EQ(series_of(rows[1], "simt").state, SeriesState::not_timed);
  EXPECT_EQ(series_of(rows[1], "simt").detail, "mismatch: y");
  EXPECT_EQ(series_of(rows[1], "padded LibTorch").state, SeriesState::timed);
  EXPECT_EQ(series_of(rows[2], "simt").state, SeriesState::timed);
}

TEST(TimeRows, GoOnBehindARowInWhichEitherSideEnds) {
  const Op aborts = with_kernels("l2norm", [](const DeviceCall&) -> Returned { std::abort(); });
  const OtherSide other{.program = program_path(), .not_passed = {}};
  std::vector<TimedRow> rows;
  time_rows(three_rows(aborts), {}, few_samples(), &other, kLong,
            [&](TimedRow row) { rows.push_back(std::move(row)); });
  ASSERT_THAT(rows, SizeIs(3));
  for (const std::size_t i : {0U, 2U}) {
    EXPECT_THAT(series_of(rows[i].ours, "simt").samples_us, SizeIs(3));
    ASSERT_TRUE(rows[i].theirs);
    EXPECT_THAT(series_of(*rows[i].theirs, "simt").samples_us, SizeIs(3));
    EXPECT_EQ(rows[i].theirs->descriptor, rows[i].ours.descriptor);
  }
  EXPECT_THAT(series_of(rows[1].ours, "simt").detail, HasSubstr("SIGABRT"));
  ASSERT_TRUE(rows[1].theirs);
  EXPECT_EQ(series_of(*rows[1].theirs, "simt").state, SeriesState::not_timed);
}

// A row that is lost on the host where our kernels are not timed says nothing of them.
TEST(TimeRows, BlameOnlyWhoWasToBeTimed) {
  Op op = *find_op("l2norm");
  op.bench.baseline = [](const Call&, reference::RowLayout,
                         reference::TorchDevice) -> reference::TimedBaseline { std::abort(); };
  const auto rows =
      timed_rows({planned_row(op, "l2norm heads=2 dim=32 len=5", reports::BenchPart::tokens)});
  ASSERT_THAT(rows, SizeIs(1));
  ASSERT_THAT(rows[0].series, SizeIs(2));
  EXPECT_EQ(rows[0].series[0].implementation, "packed LibTorch");
  EXPECT_EQ(rows[0].series[1].implementation, "padded LibTorch");
}

}  // namespace
}  // namespace packproof::harness
