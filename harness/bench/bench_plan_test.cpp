#include "harness/bench/bench_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/ops/op_list.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;

std::vector<PlannedRow> planned(const BenchSelection& selection, Device device) {
  return plan_bench(selection, device);
}

TEST(BenchPlan, TimesEveryOpThatDoesNotNeedRanks) {
  const auto rows = planned({}, Device::host);
  for (const Op& op : all_ops()) {
    const bool has =
        std::ranges::any_of(rows, [&](const PlannedRow& row) { return row.op == &op; });
    const bool on_ranks = op.form.ranks != nullptr && op.form.name != "gated_delta_net_block";
    const bool moves_to_ranks = op.form.name.starts_with("sp_");
    EXPECT_EQ(has, !on_ranks && !moves_to_ranks) << op.form.name;
  }
}

TEST(BenchPlan, TakesTheWidthsOfTheModel) {
  const auto rows =
      planned({.filters = {"causal_conv1d:fwd*gsm8k"}, .model = "397B", .tp = 4}, Device::gpu);
  ASSERT_EQ(rows.size(), 1u);
  // 2 x 16 x 128 + 64 x 128 channels, over four ranks.
  EXPECT_THAT(rows[0].row.descriptor, HasSubstr("channels=3072"));
  EXPECT_THAT(rows[0].row.descriptor, HasSubstr("len=gsm8k@32768"));
  EXPECT_EQ(rows[0].row.model, "Qwen3.5-397B-A17B TP 4");
}

TEST(BenchPlan, TellsModelsWithSimilarNamesApart) {
  const auto rows = planned({.model = "2B"}, Device::host);
  for (const PlannedRow& row : rows) EXPECT_EQ(row.row.model, "Qwen3.5-2B TP 8");
}

TEST(BenchPlan, JudgesTheSameFieldsWithFewerTokens) {
  const auto rows = planned({.filters = {"chunk_gated_delta_rule:bwd*equal"}}, Device::gpu);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].the_case.valid_tokens(), 32768);
  EXPECT_LT(rows[0].judged.valid_tokens(), 1024);
  EXPECT_GT(rows[0].judged.valid_tokens(), 16);
  EXPECT_EQ(rows[0].judged.segments(), 4);
  EXPECT_EQ(rows[0].judged.fields, rows[0].the_case.fields);
}

TEST(BenchPlan, TimesFewerTokensWhereTheExecutorWouldTakeLong) {
  const auto tokens_of = [](const std::string& filter, Device device) {
    return planned({.filters = {filter}}, device).front().the_case.valid_tokens();
  };
  const std::string block = "gated_delta_net_block:fwd*equal";
  EXPECT_EQ(tokens_of(block, Device::host), 16);
  EXPECT_EQ(tokens_of(block, Device::gpu), 32768);
  EXPECT_EQ(tokens_of("l2norm:fwd*equal", Device::host), 1024);
  EXPECT_EQ(
      planned({.filters = {block}, .tokens = 64}, Device::host).front().the_case.valid_tokens(),
      64);
  EXPECT_EQ(planned({.filters = {"gated_delta_net_block:fwd"}}, Device::host).size(), 1u);
  // There the executor is not timed.
  EXPECT_EQ(tokens_of("chunk_gated_delta_rule:fwd*4 segments", Device::host), 1024);
}

TEST(BenchPlan, CountsWhatMovesAndWhatIsComputed) {
  const auto rows = planned({.filters = {"l2norm:fwd*equal"}, .tokens = 1024}, Device::host);
  ASSERT_FALSE(rows.empty());
  const reports::BenchRow& row = rows[0].row;
  const double elements = 1024 * 2 * 128;             // two key heads on one of eight ranks
  EXPECT_DOUBLE_EQ(row.bytes, 4 * elements + 5 * 4);  // x, y, and cu_seqlens
  EXPECT_DOUBLE_EQ(row.flops, 3 * elements);
  EXPECT_DOUBLE_EQ(row.padded_flops, row.flops);
  EXPECT_EQ(row.padded_tokens, 1024);
}

// Catches: counting what is not read, which makes an op faster than the machine.
TEST(BenchPlan, CountsOnlyWhatIsRead) {
  const auto row = [](const std::string& filter) {
    return planned({.filters = {filter}, .tokens = 1024}, Device::host).front().row;
  };
  const double row_bytes = 2 * 2048;
  // Four last tokens, their copies, cu_seqlens and flags.
  EXPECT_DOUBLE_EQ(row("last_token_pool:fwd*equal").bytes, 8 * row_bytes + (5 + 4) * 4);
  EXPECT_DOUBLE_EQ(row("last_token_pool:bwd*equal").bytes, (4 + 1024) * row_bytes + 5 * 4);
  // Pads are not read; the mask has a byte for each of them.
  const reports::BenchRow pack = row("pack:fwd*long tail");
  ASSERT_GT(pack.padded_tokens, 8 * 1024);
  EXPECT_DOUBLE_EQ(pack.bytes, 2 * 1024 * row_bytes + static_cast<double>(pack.padded_tokens) +
                                   static_cast<double>(pack.segments + 1) * 4);
}

TEST(BenchPlan, RefusesWhatMatchesNothing) {
  EXPECT_THROW(planned({.filters = {"no such row"}}, Device::host), CaseError);
  EXPECT_THROW(planned({.model = "70B"}, Device::host), CaseError);
  EXPECT_THROW(planned({.model = "2B", .tp = 3}, Device::host), CaseError);
}

TEST(BenchPlan, SaysWhatThereIsInstead) {
  try {
    planned({.model = "70B", .tp = 4}, Device::host);
    ADD_FAILURE();
  } catch (const CaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("--model '70B' --tp 4"));
    EXPECT_THAT(error.what(), HasSubstr("Qwen3.5-2B, each on 1, 2, 4 or 8 ranks"));
  }
}

}  // namespace
}  // namespace packproof::harness
