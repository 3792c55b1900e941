#include "cases/forms/token_op_cases.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "cases/lengths/length_families.h"

namespace packproof {
namespace {

std::size_t count(const std::vector<std::string>& all, const std::string& part) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& text) {
    return text.find(part) != std::string::npos;
  }));
}

TEST(TokenOpLayouts, AreEachThereOnceARoundAndTurnDirections) {
  const std::size_t layouts = edge_catalogue(4, 16).size();
  const auto once = token_op_layouts("op", {{"heads", {"1", "2"}}});
  EXPECT_EQ(once.size(), layouts);
  EXPECT_EQ(count(once, "op:fwd"), layouts / 2);
  EXPECT_EQ(count(once, "op:bwd"), layouts / 2);
  const auto twice = token_op_layouts("op", {}, 2);
  EXPECT_EQ(twice.size(), 2 * layouts);
  EXPECT_EQ(count(twice, "op:fwd len=0,17,3 "), 1u);
  EXPECT_EQ(count(twice, "op:bwd len=0,17,3 "), 1u);
}

TEST(TokenOpLayouts, GiveEachValueItsTurnInBothDirections) {
  const auto all = token_op_layouts("op", {{"a", {"1", "2", "3"}}, {"b", {"x", "y"}, 2}});
  EXPECT_EQ(all[0].substr(0, 15), "op:fwd a=1 b=x ");
  EXPECT_EQ(all[1].substr(0, 15), "op:bwd a=1 b=x ");
  EXPECT_EQ(all[2].substr(0, 15), "op:fwd a=2 b=x ");
  EXPECT_EQ(all[4].substr(0, 15), "op:fwd a=3 b=y ");
  EXPECT_EQ(all[6].substr(0, 15), "op:fwd a=1 b=y ");
}

TEST(TokenOpContracts, AreNamedAndUnique) {
  const auto all = token_op_contracts("op", "heads=2");
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(count(all, "contract=C7 expect=refused"), 5u);
  EXPECT_EQ(count(all, "op:fwd heads=2"), 6u);
  for (const char* slack : {"nan", "inf", "huge", "zero"})
    EXPECT_GE(count(all, std::string("slack=") + slack), 1u) << slack;
}

}  // namespace
}  // namespace packproof
