#include "harness/selection/case_expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cases/core/call.h"

namespace packproof::harness {
namespace {

using testing::HasSubstr;

bool holds(const std::string& expression, const std::string& descriptor) {
  return CaseExpression(expression).matches(descriptor);
}

constexpr const char* kCase = "l2norm:bwd dtype=fp16 len=5,3 seed=1";

TEST(CaseExpression, CombinesTextsAndGlobs) {
  EXPECT_TRUE(holds("l2norm", kCase));
  EXPECT_FALSE(holds("conv", kCase));
  EXPECT_FALSE(holds("norm:*", kCase));  // a glob is of all of it
  EXPECT_TRUE(holds("l2norm:*", kCase));
  EXPECT_TRUE(holds("conv or bwd", kCase));
  EXPECT_FALSE(holds("l2norm and not bwd", kCase));
  EXPECT_TRUE(holds("not not bwd", kCase));
  EXPECT_TRUE(holds("\"fp16 len\" and bwd", kCase));
  EXPECT_TRUE(holds("nothing or \"not\" or bwd", kCase));
}

TEST(CaseExpression, NotBindsClosestThenAnd) {
  EXPECT_TRUE(holds("bwd or conv and conv", kCase));
  EXPECT_FALSE(holds("(bwd or conv) and conv", kCase));
  EXPECT_FALSE(holds("not bwd or conv", kCase));
  EXPECT_TRUE(holds("not conv or bwd", kCase));
  EXPECT_FALSE(holds("not(bwd or conv)", kCase));
}

TEST(CaseExpression, SaysWhereItIsWrong) {
  const auto fault = [](const std::string& text) -> std::string {
    try {
      CaseExpression{text};
    } catch (const CaseError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_THAT(fault(""), HasSubstr("column 1: text to look for is missing"));
  EXPECT_THAT(fault("a and"), HasSubstr("column 6: text to look for is missing"));
  EXPECT_THAT(fault("a b"), HasSubstr("column 3: 'b' is not expected"));
  EXPECT_THAT(fault("(a or b"), HasSubstr("column 8: ')' is missing"));
  EXPECT_THAT(fault("a)"), HasSubstr("column 2: ')' is not expected"));
  EXPECT_THAT(fault("and a"), HasSubstr("column 1"));
  EXPECT_THAT(fault("not"), HasSubstr("column 4"));
  EXPECT_THAT(fault("\"a"), HasSubstr("is not closed"));
  EXPECT_THAT(fault("a or \"\""), HasSubstr("holds no text"));
  EXPECT_THAT(fault(std::string(5000, '(')), HasSubstr("at most 4096"));
  EXPECT_THAT(fault(std::string(4096, '(')), HasSubstr("column 101: brackets and nots nest 100"));
}

}  // namespace
}  // namespace packproof::harness
