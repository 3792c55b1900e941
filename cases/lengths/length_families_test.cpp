#include "cases/lengths/length_families.h"

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "cases/lengths/segment_lengths.h"

namespace packproof {
namespace {

using Lengths = std::vector<std::int64_t>;

std::int64_t sum(const Lengths& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

TEST(LengthFamilies, UniformStaysInRangeAndReachesBothEnds) {
  const Lengths lengths = uniform_lengths(2000, 3, 10, 1);
  EXPECT_EQ(*std::min_element(lengths.begin(), lengths.end()), 3);
  EXPECT_EQ(*std::max_element(lengths.begin(), lengths.end()), 10);
  EXPECT_NE(lengths, uniform_lengths(2000, 3, 10, 2));
  EXPECT_EQ(uniform_lengths(3, 5, 5, 1), (Lengths{5, 5, 5}));
}

// Recorded: a change here changes every case that names the family.
TEST(LengthFamilies, KeepTheirValues) {
  EXPECT_EQ(format_lengths(uniform_lengths(6, 1, 100, 1)), "3,62,41,68,58,70");
  EXPECT_EQ(format_lengths(long_tail_lengths(400, 1)), "200,49,23,9,98,16,5");
}

TEST(LengthFamilies, LongTailAddsUpAndHasATail) {
  for (std::int64_t total : {1, 7, 1000, 100000})
    EXPECT_EQ(sum(long_tail_lengths(total, 3)), total);
  const Lengths lengths = long_tail_lengths(100000, 3);
  const auto longer = std::count_if(lengths.begin(), lengths.end(), [](auto n) { return n > 16; });
  EXPECT_NEAR(static_cast<double>(longer) / static_cast<double>(lengths.size()), 0.5, 0.05);
  EXPECT_GT(*std::max_element(lengths.begin(), lengths.end()), 1000);
  EXPECT_EQ(long_tail_lengths(9, 1).size(), 2u);
  EXPECT_EQ(long_tail_lengths(100000, 3, 5).size(), 5u);
}

TEST(LengthFamilies, Small) {
  EXPECT_EQ(one_giant(3, 99), (Lengths{1, 99, 1, 1}));
  EXPECT_EQ(around_window(4), (Lengths{1, 2, 3, 4, 5}));
  EXPECT_EQ(around_window(1), (Lengths{1, 2}));
  EXPECT_EQ(around_window(2), (Lengths{1, 2, 3}));
  EXPECT_EQ(around_chunk(64), (Lengths{63, 64, 65, 127, 128, 129}));
  EXPECT_EQ(sp_padded(9, 4), 12);
  EXPECT_EQ(sp_padded(8, 4), 8);
}

TEST(EdgeCatalogue, EntriesAreSoundNamedAndSmall) {
  for (std::int64_t width : {1, 2, 4})
    for (std::int64_t chunk : {2, 64}) {
      std::set<std::string> names;
      for (const EdgeLayout& layout : edge_catalogue(width, chunk)) {
        EXPECT_TRUE(names.insert(layout.name).second) << layout.name;
        EXPECT_FALSE(layout.lengths.empty());
        EXPECT_GE(*std::min_element(layout.lengths.begin(), layout.lengths.end()), 0);
        EXPECT_GE(layout.capacity, sum(layout.lengths)) << layout.name;
        EXPECT_LE(layout.capacity, 21 * chunk + 21) << layout.name;
        EXPECT_FALSE(layout.reason.empty());
      }
      EXPECT_GE(names.size(), 25u);
    }
}

TEST(EdgeCatalogue, DescriptorPart) {
  const EdgeLayout slack{"s", {4, 4, 1}, 12, "r"};
  EXPECT_EQ(slack.descriptor_part(), "len=2*4,1 cap=12");
  const EdgeLayout full{"f", {4}, 4, "r"};
  EXPECT_EQ(full.descriptor_part(), "len=4");
}

}  // namespace
}  // namespace packproof
