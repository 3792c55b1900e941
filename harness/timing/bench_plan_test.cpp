#include "harness/timing/bench_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cases/packing/bench_lengths.h"
#include "cases/packing/segment_lengths.h"
#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;

std::vector<PlannedRow> planned(const BenchSelection& selection, BenchDevice device) {
  return plan_bench(selection, device);
}

TEST(BenchPlan, TimesEveryOpThatDoesNotNeedRanks) {
  const auto rows = planned({}, BenchDevice::host);
  for (const Op& op : all_ops()) {
    const bool has =
        std::ranges::any_of(rows, [&](const PlannedRow& row) { return row.op == &op; });
    const bool on_ranks = op.form.runs_on_ranks && op.form.name != "gated_delta_net_block";
    const bool moves_to_ranks = op.form.name.starts_with("sp_");
    EXPECT_EQ(has, !on_ranks && !moves_to_ranks) << op.form.name;
  }
}

TEST(BenchPlan, TakesTheWidthsOfTheModel) {
  const auto rows =
      planned({.filters = {"causal_conv1d:fwd*gsm8k"}, .model = "397B", .tp = 4}, BenchDevice::gpu);
  ASSERT_EQ(rows.size(), 1u);
  // 2 x 16 x 128 + 64 x 128 channels, over four ranks.
  EXPECT_THAT(rows[0].row.descriptor, HasSubstr("channels=3072"));
  EXPECT_THAT(rows[0].row.descriptor, HasSubstr("len=gsm8k@32768"));
  EXPECT_EQ(rows[0].row.model, "Qwen3.5-397B-A17B TP 4");
}

TEST(BenchPlan, TellsModelsWithSimilarNamesApart) {
  const auto rows = planned({.model = "2B"}, BenchDevice::host);
  for (const PlannedRow& row : rows) EXPECT_THAT(row.row.model, HasSubstr("Qwen3.5-2B TP"));
}

TEST(BenchPlan, JudgesTheSameFieldsWithFewerTokens) {
  const auto rows = planned({.filters = {"chunk_gated_delta_rule:bwd*equal"}}, BenchDevice::gpu);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].the_case.valid_tokens(), 32768);
  EXPECT_LT(rows[0].judged.valid_tokens(), 1024);
  EXPECT_GT(rows[0].judged.valid_tokens(), 16);
  EXPECT_EQ(rows[0].judged.segments(), 4);
  EXPECT_EQ(rows[0].judged.fields, rows[0].the_case.fields);
}

TEST(BenchPlan, CountsWhatMovesAndWhatIsComputed) {
  const auto rows = planned({.filters = {"l2norm:fwd*equal"}, .tokens = 1024}, BenchDevice::host);
  ASSERT_FALSE(rows.empty());
  const reports::BenchRow& row = rows[0].row;
  const double elements = 1024 * 2 * 128;             // two key heads on one of eight ranks
  EXPECT_DOUBLE_EQ(row.bytes, 4 * elements + 5 * 4);  // x, y, and cu_seqlens
  EXPECT_DOUBLE_EQ(row.flops, 3 * elements);
  EXPECT_DOUBLE_EQ(row.padded_flops, row.flops);
  EXPECT_EQ(row.padded_tokens, 1024);
}

TEST(BenchPlan, RefusesWhatMatchesNothing) {
  EXPECT_THROW(planned({.filters = {"no such row"}}, BenchDevice::host), CaseError);
  EXPECT_THROW(planned({.model = "70B"}, BenchDevice::host), CaseError);
  EXPECT_THROW(planned({.model = "2B", .tp = 3}, BenchDevice::host), CaseError);
}

TEST(BreakEvenCells, HaveTheSharesTheyAreNamedAfter) {
  const auto cells = break_even_cells(4096, 16);
  EXPECT_GE(cells.size(), 8u);
  for (const BreakEvenCell& cell : cells) {
    const auto lengths = parse_lengths(cell.lengths);
    const std::int64_t longest = std::ranges::max(lengths);
    std::int64_t tokens = 0;
    for (const std::int64_t length : lengths) tokens += length;
    EXPECT_EQ(tokens, 4096) << cell.lengths;
    EXPECT_EQ(lengths.size(), 16u) << cell.lengths;
    EXPECT_NEAR(1 - 4096.0 / static_cast<double>(16 * longest), cell.padding_share, 0.01)
        << cell.lengths;
    if (cell.padding_share > 0)
      EXPECT_EQ(std::ranges::count(lengths, longest), std::lround(cell.longest_share * 16))
          << cell.lengths;
  }
}

}  // namespace
}  // namespace packproof::harness
