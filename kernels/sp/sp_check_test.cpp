#include "kernels/sp/sp_check.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "cases/core/call.h"

namespace packproof::kernels {
namespace {

constexpr SpLayoutKind kContiguous = SpLayoutKind::contiguous;
constexpr SpLayoutKind kZigzag = SpLayoutKind::zigzag;

std::string refusal_of(const std::function<void()>& check) {
  try {
    check();
  } catch (const Refusal& refusal) {
    return refusal.what();
  }
  return "";
}

// A tensor of boundaries with its memory.
struct Boundaries {
  std::vector<std::int32_t> values;
  Tensor as(const char* name) {
    return {name,
            DType::int32,
            {{Axis::boundary, static_cast<std::int64_t>(values.size())}},
            values.data()};
  }
};

std::string of_boundaries(std::vector<std::int32_t> values, std::int64_t rows, SpLayoutKind kind) {
  Boundaries padded{std::move(values)};
  return refusal_of(
      [&] { check_sp_boundaries(padded.as("cu_seqlens_padded"), rows, kind, /*world=*/2); });
}

std::string of_agreement(std::vector<std::int32_t> tokens, std::vector<std::int32_t> rows,
                         SpLayoutKind kind) {
  Boundaries cu_seqlens{std::move(tokens)}, padded{std::move(rows)};
  return refusal_of([&] {
    check_sp_agreement(cu_seqlens.as("cu_seqlens"), padded.as("cu_seqlens_padded"), kind);
  });
}

TEST(SpCheck, RowsAreAMultipleOfTheRanks) {
  EXPECT_EQ(refusal_of([] { check_sp_rows(8, 4); }), "");
  EXPECT_EQ(refusal_of([] { check_sp_rows(7, 4); }),
            "7 rows over 4 sequence-parallel ranks: each must get as many; pad them to a multiple "
            "of the ranks first (sp_pad)");
}

TEST(SpCheck, ZigzagSegmentsAreWholeChunksAndFillTheRow) {
  EXPECT_EQ(of_boundaries({0, 4, 4, 12}, 12, kZigzag), "");
  EXPECT_NE(of_boundaries({0, 4, 10, 12}, 12, kZigzag).find("segment 1 has 6 rows"),
            std::string::npos);
  EXPECT_NE(of_boundaries({0, 4, 8}, 12, kZigzag).find("ends at 8, but there are 12 rows"),
            std::string::npos);
}

TEST(SpCheck, ContiguousSegmentsMayBeAnyAndLeaveSlack) {
  EXPECT_EQ(of_boundaries({0, 3, 5}, 8, kContiguous), "");
  EXPECT_NE(of_boundaries({0, 3, 9}, 8, kContiguous).find("cu_seqlens_padded: "),
            std::string::npos);
}

TEST(SpCheck, PaddedBoundariesAreOfTheSamePack) {
  EXPECT_EQ(of_agreement({0, 3, 4}, {0, 3, 4, 4}, kContiguous), "");
  EXPECT_EQ(of_agreement({0, 3, 4}, {0, 4, 8}, kZigzag), "");
  EXPECT_NE(of_agreement({0, 3, 4}, {0, 3, 4}, kContiguous).find("has 3 entries, not 4"),
            std::string::npos);
  EXPECT_NE(of_agreement({0, 3, 4}, {0, 4}, kZigzag).find("has 2 entries, not 3"),
            std::string::npos);
  EXPECT_NE(of_agreement({0, 5, 6}, {0, 4, 8}, kZigzag).find("segment 0 has 4 rows for 5 tokens"),
            std::string::npos);
  EXPECT_NE(
      of_agreement({0, 3, 4}, {0, 4, 6, 6}, kContiguous).find("[1] = 4, but cu_seqlens[1] = 3"),
      std::string::npos);
}

TEST(SpCheck, PadsFitTheRowTheyAreAskedInto) {
  Boundaries tokens{{0, 3, 4}};
  const auto refusal = [&](std::int64_t rows, SpLayoutKind kind) {
    return refusal_of([&] { check_sp_pads_fit(tokens.as("cu_seqlens"), rows, kind, 2); });
  };
  EXPECT_EQ(refusal(4, kContiguous), "");
  EXPECT_EQ(refusal(8, kZigzag), "");
  EXPECT_NE(refusal(6, kZigzag).find("4 tokens are 8 rows"), std::string::npos);
  EXPECT_NE(refusal(2, kContiguous).find("4 tokens are 4 rows"), std::string::npos);
  EXPECT_NE(refusal(std::int64_t{1} << 31, kZigzag).find("do not fit the int32"),
            std::string::npos);
}

}  // namespace
}  // namespace packproof::kernels
