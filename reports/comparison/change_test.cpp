#include "reports/comparison/change.h"

#include <gtest/gtest.h>

namespace packproof::reports {
namespace {

constexpr double kSure = 0;  // a p-value

Change change_at_5_percent(double low, double estimate, double high, double p = kSure) {
  return change_of({estimate, Interval{low, high}}, p, 0.05);
}

TEST(Change, IsSlowerOnlyWhenEstimateIntervalAndTestAgree) {
  EXPECT_EQ(change_at_5_percent(1.03, 1.06, 1.09), Change::slower);
  EXPECT_EQ(change_at_5_percent(1.40, 1.50, 1.60), Change::slower);
  EXPECT_EQ(change_at_5_percent(1.03, 1.06, 1.09, 0.02), Change::unclear);
  EXPECT_EQ(change_at_5_percent(1.02, 1.06, 1.11), Change::unclear);  // two runs may differ by 2 %
  EXPECT_EQ(change_at_5_percent(1.03, 1.04, 1.05), Change::same);     // below the threshold
}

TEST(Change, IsTheOppositeWhenTheRunsAreSwapped) {
  EXPECT_EQ(change_at_5_percent(1 / 1.09, 1 / 1.06, 1 / 1.03), Change::faster);
  EXPECT_EQ(change_at_5_percent(1 / 1.09, 1 / 1.06, 1 / 1.03, 0.02), Change::unclear);
  EXPECT_EQ(change_at_5_percent(1 / 1.11, 1 / 1.06, 1 / 1.02), Change::unclear);
  EXPECT_EQ(change_at_5_percent(1 / 1.05, 1 / 1.04, 1 / 1.03), Change::same);
}

TEST(Change, IsSameOnlyWhenTheIntervalIsNarrow) {
  EXPECT_EQ(change_at_5_percent(0.92, 1, 1.09), Change::same);
  EXPECT_EQ(change_at_5_percent(0.92, 1, 1.11), Change::unclear);
  EXPECT_EQ(change_at_5_percent(0.90, 1, 1.09), Change::unclear);
  EXPECT_EQ(change_of({1, std::nullopt}, kSure, 0.05), Change::unclear);
}

TEST(Change, FollowsTheThreshold) {
  EXPECT_EQ(change_of({1.06, Interval{1.05, 1.07}}, kSure, 0.10), Change::same);
  EXPECT_EQ(change_of({1.06, Interval{1.05, 1.07}}, kSure, 0.01), Change::slower);
}

}  // namespace
}  // namespace packproof::reports
