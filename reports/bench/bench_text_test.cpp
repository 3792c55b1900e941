#include "reports/bench/bench_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "reports/testing/sample_full_bench.h"

namespace packproof::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

// The line of the n-th series.
std::string line_of(const BenchRow& row, std::size_t n) {
  std::string text = row_text(row);
  for (std::size_t i = 0; i <= n; ++i) text.erase(0, text.find('\n') + 1);
  return text.substr(0, text.find('\n'));
}

TEST(RowText, SaysWhatTheRowIs) {
  const std::string text = row_text(sample_shapes_row());
  EXPECT_THAT(text, testing::StartsWith("causal_conv1d:bwd Qwen3.5-35B-A3B TP 2 gsm8k  (400 tokens "
                                        "in 2 segments, 33% padding)\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 5);
  EXPECT_TRUE(text.ends_with('\n'));
}

TEST(RowText, GivesMedianRatesAndTheRatioToPadded) {
  // 2 MB and 30 MFLOP in 20 us; padded takes 40.
  const std::string line = line_of(sample_shapes_row(), 0);
  EXPECT_THAT(line, HasSubstr("cuda"));
  EXPECT_THAT(line, HasSubstr("CUDA events, cold L2"));
  EXPECT_THAT(line, HasSubstr(" 20 us "));
  EXPECT_THAT(line, HasSubstr(" 100.00 GB/s"));
  EXPECT_THAT(line, HasSubstr(" 1.5 TFLOP/s"));
  EXPECT_THAT(line, HasSubstr("2.00x as fast as padded"));
}

// A warm cache against a cold one would flatter us.
TEST(RowText, ComparesNoTimesOfDifferentClocks) {
  EXPECT_THAT(line_of(sample_shapes_row(), 1), HasSubstr("CUDA graph, warm L2"));
  EXPECT_THAT(line_of(sample_shapes_row(), 1), Not(HasSubstr("as fast")));
  EXPECT_THAT(line_of(sample_shapes_row(), 2), Not(HasSubstr("as fast")));  // padded itself
}

TEST(RowText, SaysWhyThereIsNoTime) {
  const std::string line = line_of(sample_shapes_row(), 3);
  EXPECT_THAT(line, HasSubstr("refused: 9000 GB/s, where a copy reached 4000"));
  EXPECT_THAT(line, Not(HasSubstr(" us ")));
  EXPECT_THAT(row_text(sample_break_even_row()), HasSubstr("not timed: mismatch; see"));
}

TEST(RowText, HasNoFlopsWhereDataOnlyMoves) {
  EXPECT_THAT(row_text(sample_break_even_row()), Not(HasSubstr("TFLOP")));
}

TEST(RowText, NeedsNoSamples) {
  BenchRow row = sample_shapes_row();
  for (Series& series : row.series) series.samples_us.clear();
  EXPECT_THAT(line_of(row, 0), HasSubstr("no samples"));
}

TEST(RowText, PicksAUnitThatFits) {
  const auto text_of = [](double us) {
    return row_text({.series = {{.implementation = "cuda", .samples_us = {us}}}});
  };
  EXPECT_THAT(text_of(999.9), HasSubstr(" 999.9 us"));
  EXPECT_THAT(text_of(1000), HasSubstr(" 1 ms"));
  EXPECT_THAT(text_of(2.5e6), HasSubstr(" 2.5 s"));
}

TEST(SpeedText, WhatIsSlowerIsNotSoAndSoFast) {
  EXPECT_EQ(speed_text(2.154, "padded"), "2.15x as fast as padded");
  EXPECT_EQ(speed_text(0.0943, "the baseline", "×"), "10.60× slower than the baseline");
}

TEST(RowText, HasOneSegment) {
  EXPECT_THAT(row_text({.segments = 1, .valid_tokens = 1}), HasSubstr("(1 token in 1 segment, "));
}

TEST(CountSeries, CountsByState) {
  const BenchCounts counts = count_series(sample_full_bench_run());
  EXPECT_EQ(counts_line(counts), "2 rows: 4 series timed, 1 not timed, 1 refused");
}

}  // namespace
}  // namespace packproof::reports
