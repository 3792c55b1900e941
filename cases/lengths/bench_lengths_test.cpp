#include "cases/lengths/bench_lengths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

using Lengths = std::vector<std::int64_t>;

std::int64_t sum(const Lengths& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

TEST(EqualLengths, DifferByOneTokenAtMost) {
  EXPECT_EQ(equal_lengths(12, 4), "4*3");
  EXPECT_EQ(equal_lengths(7, 1), "1*7");
  EXPECT_EQ(parse_lengths(equal_lengths(14, 4)), (Lengths{4, 4, 3, 3}));
  EXPECT_EQ(parse_lengths(equal_lengths(3, 4)), (Lengths{1, 1, 1, 0}));
}

TEST(TrainingLengths, AreRowsOfAboutAsManyTokens) {
  for (const std::int64_t tokens : {1024, 32768}) {
    std::set<std::string> names;
    for (const NamedLengths& lengths : training_lengths(tokens)) {
      EXPECT_TRUE(names.insert(lengths.name).second) << lengths.name;
      const std::int64_t total = sum(parse_lengths(lengths.text));
      EXPECT_LE(total, tokens) << lengths.text;
      EXPECT_GE(total, tokens / 4) << lengths.text;
    }
    EXPECT_THAT(names,
                testing::UnorderedElementsAre("one giant", "equal", "long tail", "gsm8k", "code"));
  }
}

TEST(TrainingLengths, LeaveOutWorkloadsWithoutSoShortASegment) {
  const auto all = training_lengths(16);
  ASSERT_GE(all.size(), 3u);
  for (const NamedLengths& lengths : all) EXPECT_NO_THROW(parse_lengths(lengths.text));
  EXPECT_EQ(std::ranges::count(all, "code", &NamedLengths::name), 0);
}

TEST(DecodeLengths, HaveOneTokenASequence) {
  for (const NamedLengths& lengths : decode_lengths()) {
    const Lengths parsed = parse_lengths(lengths.text);
    EXPECT_THAT(parsed, testing::Each(1));
    EXPECT_THAT(lengths.name, testing::HasSubstr(std::to_string(parsed.size())));
  }
}

TEST(BreakEvenCells, HaveTheSharesTheyAreNamedAfter) {
  const auto cells = break_even_cells(4096, 16);
  EXPECT_GE(cells.size(), 8u);
  for (const BreakEvenCell& cell : cells) {
    const Lengths lengths = parse_lengths(cell.lengths);
    const std::int64_t longest = std::ranges::max(lengths);
    EXPECT_EQ(sum(lengths), 4096) << cell.lengths;
    EXPECT_EQ(lengths.size(), 16u) << cell.lengths;
    EXPECT_NEAR(1 - 4096.0 / static_cast<double>(16 * longest), cell.padding_share, 0.01)
        << cell.lengths;
    if (cell.padding_share == 0) continue;
    EXPECT_EQ(std::ranges::count(lengths, longest), std::lround(cell.longest_share * 16))
        << cell.lengths;
  }
}

TEST(BreakEvenCells, LeaveOutSharesThatExcludeEachOther) {
  const auto has = [](double padding, double longest) {
    return std::ranges::any_of(break_even_cells(4096, 16), [&](const BreakEvenCell& cell) {
      return cell.padding_share == padding && cell.longest_share == longest;
    });
  };
  EXPECT_TRUE(has(0.5, 0.25));
  EXPECT_FALSE(has(0.5, 0.5));                    // the longest would be all tokens
  EXPECT_FALSE(has(0.75, 0.5));                   // and here more than all
  EXPECT_FALSE(has(0, 0.5));                      // all are the longest
  EXPECT_EQ(break_even_cells(16, 1).size(), 1u);  // a segment alone has no padding
}

}  // namespace
}  // namespace packproof
