#include "cases/core/padded_layout.h"

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "cases/core/call.h"

namespace packproof {
namespace {

Case case_of(std::vector<std::int64_t> lengths, const std::string& padding,
             const std::string& margin = "0") {
  Case c;
  c.lengths = std::move(lengths);
  c.capacity = c.valid_tokens();
  c.fields = {{"padding", padding}, {"margin", margin}};
  return c;
}

using Mask = std::vector<std::int64_t>;

TEST(PaddedLayout, RightPaddingStartsEachRowWithItsTokens) {
  const PaddedLayout layout = padded_layout(case_of({2, 0, 3}, "right", "1"));
  EXPECT_EQ(layout.batch, 3);
  EXPECT_EQ(layout.length, 4);
  EXPECT_EQ(layout.mask, (Mask{1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0}));
  EXPECT_EQ(layout.is_pad, (std::vector<std::uint8_t>{0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1}));
}

TEST(PaddedLayout, LeftPaddingEndsEachRowWithItsTokens) {
  EXPECT_EQ(padded_layout(case_of({2, 0, 3}, "left", "1")).mask,
            (Mask{0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1}));
}

TEST(PaddedLayout, MiddlePaddingKeepsEachRowsTokensAndMakesHoles) {
  const Case c = case_of({20, 0, 7, 27}, "middle", "5");
  const PaddedLayout layout = padded_layout(c);
  ASSERT_EQ(layout.length, 32);
  for (std::size_t b = 0; b < 4; ++b) {
    std::int64_t ones = 0;
    for (std::size_t i = 0; i < 32; ++i) ones += layout.mask[b * 32 + i];
    EXPECT_EQ(ones, c.lengths[b]) << "row " << b;
  }
  EXPECT_NE(layout.mask, padded_layout(case_of({20, 0, 7, 27}, "left", "5")).mask);
  EXPECT_NE(layout.mask, padded_layout(case_of({20, 0, 7, 27}, "right", "5")).mask);
  EXPECT_EQ(layout.mask, padded_layout(c).mask);
  Case other_seed = c;
  other_seed.seed = 2;
  EXPECT_NE(layout.mask, padded_layout(other_seed).mask);
}

// Recorded: the same on every host.
TEST(PaddedLayout, MiddlePaddingOfASeedIsFixed) {
  EXPECT_EQ(padded_layout(case_of({3, 4}, "middle", "4")).mask,
            (Mask{1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0}));
}

TEST(PaddedLayout, RowsWithoutPlacesAreLegal) {
  const PaddedLayout layout = padded_layout(case_of({0, 0}, "left"));
  EXPECT_EQ(layout.batch, 2);
  EXPECT_EQ(layout.length, 0);
  EXPECT_TRUE(layout.mask.empty());
}

TEST(PaddedLayout, TooManyPlacesAreRefusedWithBothNumbers) {
  const Case c = case_of(std::vector<std::int64_t>(1000, 1), "left", "1000000");
  try {
    padded_layout(c);
    FAIL() << "no CaseError";
  } catch (const CaseError& error) {
    EXPECT_NE(std::string(error.what()).find("1000 rows of 1000001 places"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("268435456"), std::string::npos);
  }
}

TEST(PaddedLayout, BrokenBoundariesStillGiveALayout) {
  Case c = case_of({8}, "right");
  c.capacity = 8;
  c.raw_cu_seqlens = std::vector<std::int64_t>{0, 5, 3, 4'000'000'000};
  const PaddedLayout layout = padded_layout(c);
  EXPECT_EQ(layout.batch, 3);
  EXPECT_EQ(layout.length, 5);
  EXPECT_EQ(layout.mask, (Mask{1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
}

TEST(PackedSlack, FlagsRowsBeyondTheLastSegment) {
  Case c = case_of({2, 1}, "right");
  c.capacity = 5;
  EXPECT_EQ(packed_slack(c), (std::vector<std::uint8_t>{0, 0, 0, 1, 1}));
}

TEST(GeneratedIds, FitFortyBitsAndMarkSlack) {
  Case c = case_of({300}, "right");
  c.capacity = 301;
  const std::vector<std::int64_t> ids = generated_ids(c, packed_slack(c), 2);
  ASSERT_EQ(ids.size(), 602u);
  bool beyond_32_bits = false;
  for (std::size_t i = 0; i < 600; ++i) {
    EXPECT_GE(ids[i], 0);
    EXPECT_LT(ids[i], std::int64_t{1} << 40);
    beyond_32_bits = beyond_32_bits || ids[i] > std::numeric_limits<std::uint32_t>::max();
  }
  EXPECT_TRUE(beyond_32_bits);
  EXPECT_EQ(ids[600], std::numeric_limits<std::int64_t>::min());
  c.slack = SlackFill::zero;
  EXPECT_EQ(generated_ids(c, packed_slack(c), 2)[601], 0);
}

}  // namespace
}  // namespace packproof
