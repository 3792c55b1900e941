#include "reports/bench/bench_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/files/report_error.h"
#include "reports/testing/sample_full_bench.h"

namespace packproof::reports {
namespace {

using nlohmann::ordered_json;
using testing::HasSubstr;

void expect_equal(const Series& got, const Series& want) {
  EXPECT_EQ(got.implementation, want.implementation);
  EXPECT_EQ(got.clock, want.clock);
  EXPECT_EQ(got.state, want.state);
  EXPECT_EQ(got.detail, want.detail);
  EXPECT_EQ(got.samples_us, want.samples_us);
  EXPECT_EQ(got.sm_clock_mhz, want.sm_clock_mhz);
  EXPECT_EQ(got.dropped, want.dropped);
  EXPECT_EQ(got.turns, want.turns);
}

void expect_equal(const BenchRow& got, const BenchRow& want) {
  EXPECT_EQ(got.part, want.part);
  EXPECT_EQ(got.op, want.op);
  EXPECT_EQ(got.direction, want.direction);
  EXPECT_EQ(got.model, want.model);
  EXPECT_EQ(got.lengths, want.lengths);
  EXPECT_EQ(got.descriptor, want.descriptor);
  EXPECT_EQ(got.judged, want.judged);
  EXPECT_EQ(got.segments, want.segments);
  EXPECT_EQ(got.valid_tokens, want.valid_tokens);
  EXPECT_EQ(got.padded_tokens, want.padded_tokens);
  EXPECT_EQ(got.padding_share, want.padding_share);
  EXPECT_EQ(got.longest_share, want.longest_share);
  EXPECT_EQ(got.bytes, want.bytes);
  EXPECT_EQ(got.flops, want.flops);
  EXPECT_EQ(got.padded_flops, want.padded_flops);
  ASSERT_EQ(got.series.size(), want.series.size());
  for (std::size_t i = 0; i < got.series.size(); ++i) expect_equal(got.series[i], want.series[i]);
}

TEST(BenchJson, ReadsBackEveryFieldThatItWrote) {
  const BenchRun want = sample_full_bench_run();
  const BenchRun got = read_bench_json(bench_json(want), "x");
  EXPECT_EQ(got.environment.commit, want.environment.commit);
  EXPECT_EQ(got.environment.cpu, want.environment.cpu);
  EXPECT_EQ(got.device, want.device);
  EXPECT_EQ(got.command, want.command);
  EXPECT_EQ(got.started, want.started);
  EXPECT_EQ(got.elapsed_s, want.elapsed_s);
  EXPECT_EQ(got.turns_id, want.turns_id);
  EXPECT_EQ(got.ceilings.copy_gb_s, want.ceilings.copy_gb_s);
  EXPECT_EQ(got.ceilings.matmul_tflop_s, want.ceilings.matmul_tflop_s);
  EXPECT_EQ(got.ceilings.how, want.ceilings.how);
  ASSERT_EQ(got.rows.size(), want.rows.size());
  for (std::size_t i = 0; i < got.rows.size(); ++i) expect_equal(got.rows[i], want.rows[i]);
}

TEST(BenchJson, KnowsEveryPartClockAndState) {
  for (const BenchPart part :
       {BenchPart::shapes, BenchPart::tokens, BenchPart::segments, BenchPart::break_even})
    for (const Clock clock : {Clock::events_cold, Clock::graph_warm, Clock::host})
      for (const SeriesState state :
           {SeriesState::timed, SeriesState::not_timed, SeriesState::refused}) {
        const BenchRow row{.part = part, .series = {{.clock = clock, .state = state}}};
        expect_equal(read_row_line(row_line(row)), row);
      }
}

TEST(BenchJson, HandsARowOnAsOneLine) {
  for (const BenchRow& row : sample_full_bench_run().rows) {
    EXPECT_EQ(row_line(row).find('\n'), std::string::npos);
    expect_equal(read_row_line(row_line(row)), row);
  }
  const std::string line = row_line(sample_shapes_row());
  EXPECT_THROW(read_row_line(line.substr(0, line.size() / 2)), ReportError);
}

// What reading says to the sample with one change.
template <class Change>
std::string error_after(Change&& change) {
  ordered_json document = ordered_json::parse(bench_json(sample_full_bench_run()));
  change(document);
  try {
    read_bench_json(document.dump(), "old.json");
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

TEST(BenchJson, SaysWhatIsWrongAndWhere) {
  const auto clock = [](ordered_json& d) { d["rows"][1]["series"][0]["clock"] = "sundial"; };
  EXPECT_THAT(error_after(clock), HasSubstr("'old.json'"));
  EXPECT_THAT(error_after(clock), HasSubstr("rows[1].series[0].clock must be one of"));
  EXPECT_THAT(error_after(clock), HasSubstr("found \"sundial\""));
  EXPECT_THAT(error_after([](ordered_json& d) { d["rows"][0]["part"] = "whole"; }),
              HasSubstr("rows[0].part"));
  EXPECT_THAT(error_after([](ordered_json& d) { d["rows"][0]["series"][0]["state"] = ""; }),
              HasSubstr("rows[0].series[0].state"));
  EXPECT_THAT(error_after([](ordered_json& d) { d["rows"][0].erase("judged"); }),
              HasSubstr("judged"));
  EXPECT_THAT(error_after([](ordered_json& d) { d["ceilings"]["nvlink_gb_s"] = 1; }),
              HasSubstr("nvlink_gb_s"));
  EXPECT_THAT(error_after([](ordered_json& d) { d["schema_version"] = "packproof.bench/2"; }),
              HasSubstr("this program reads \"packproof.bench/1\""));
}

TEST(FloorUs, IsTheSlowerOfMovingAndComputing) {
  const Ceilings ceilings{.copy_gb_s = 100, .matmul_tflop_s = 2};
  EXPECT_DOUBLE_EQ(floor_us({.bytes = 1e6, .flops = 1e6}, ceilings), 10);
  EXPECT_DOUBLE_EQ(floor_us({.bytes = 1e6, .flops = 1e8}, ceilings), 50);
  EXPECT_DOUBLE_EQ(floor_us({.bytes = 1e6, .flops = 1e8}, {}), 0);
}

}  // namespace
}  // namespace packproof::reports
