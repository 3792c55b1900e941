#include "harness/timing/turn.h"

#include <limits>

#include <gtest/gtest.h>

namespace packproof::harness {
namespace {

constexpr double kFailed = std::numeric_limits<double>::infinity();

TEST(TypicalRound, HasTheMedianRatio) {
  // Theirs takes 10 % more; the machine slows down by half, twice in the middle of a round.
  const Round round = typical_round({{100, 110}, {100, 165}, {150, 165}, {150, 110}, {101, 111}});
  EXPECT_NEAR(round.their_us / round.our_us, 1.10, 0.002);
}

TEST(TypicalRound, IsOneThatWasMeasured) {
  const Round round = typical_round({{5, 9}, {7, 7}, {2, 1}});
  EXPECT_EQ(round.our_us, 7);
  EXPECT_EQ(round.their_us, 7);
}

TEST(TypicalRound, OfOneIsItself) { EXPECT_EQ(typical_round({{3, 4}}).their_us, 4); }

TEST(TypicalRound, HasOurTimeWhereTheOtherSideFailed) {
  EXPECT_EQ(typical_round({{3, kFailed}, {3, kFailed}, {3, 4}}).our_us, 3);
  EXPECT_EQ(typical_round({{3, kFailed}}).our_us, 3);
}

}  // namespace
}  // namespace packproof::harness
