#include "cases/sp/sp_layout.h"

#include <gtest/gtest.h>

namespace packproof {
namespace {

using V = std::vector<std::int64_t>;
using Flags = std::vector<std::uint8_t>;

Case pack(const char* layout, const V& lengths, std::int64_t slack = 0) {
  Case c;
  c.lengths = lengths;
  c.capacity = c.valid_tokens() + slack;
  c.fields = {{"layout", layout}, {"sp", "2"}, {"padded_cap", "0"}, {"dim", "1"}};
  return c;
}

TEST(SpLayoutOfACase, ContiguousPadsAreASegmentOfTheirOwn) {
  EXPECT_EQ(sp_padded_boundaries(pack("contiguous", {3, 0, 2})), (V{0, 3, 3, 5, 6}));
  EXPECT_EQ(sp_padded_boundaries(pack("contiguous", {4})), (V{0, 4, 4}));
  EXPECT_EQ(sp_padded_rows(pack("contiguous", {3}, 2)), 6);
  EXPECT_EQ(sp_pad_flags_by_rank(pack("contiguous", {3}, 2)), (Flags{0, 0, 0, 1, 1, 1}));
}

TEST(SpLayoutOfACase, ZigzagPadsEachSegment) {
  const Case c = pack("zigzag", {3, 0, 5}, 2);
  EXPECT_EQ(sp_padded_boundaries(c), (V{0, 4, 4, 12}));
  EXPECT_EQ(sp_padded_rows(c), 12);
  EXPECT_EQ(sp_pad_flags(c), (Flags{0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1}));
  // Rank 0 has rows 0, 3, 4, 5, 10, 11.
  EXPECT_EQ(sp_pad_flags_by_rank(c), (Flags{0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1}));
}

TEST(SpLayoutOfACase, BrokenBoundariesStillHaveALayout) {
  Case c = pack("zigzag", {8});
  c.raw_cu_seqlens = V{0, 5, 3, 8};
  EXPECT_EQ(sp_padded_boundaries(c), (V{0, 8, 8, 16}));
}

}  // namespace
}  // namespace packproof
