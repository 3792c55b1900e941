#include "reports/text/wrapped_text.h"

#include <gtest/gtest.h>

namespace packproof::reports {
namespace {

TEST(WrappedText, BreaksAtBlanksAndIndentsEveryLine) {
  EXPECT_EQ(wrapped("", 4), "");
  EXPECT_EQ(wrapped("one", 2), "  one\n");
  EXPECT_EQ(wrapped("one two three", 2, 9), "  one two\n  three\n");
  EXPECT_EQ(wrapped("one two three", 2, 8), "  one\n  two\n  three\n");
}

TEST(WrappedText, KeepsAWordThatIsTooLongWhole) {
  EXPECT_EQ(wrapped("a muchtoolong b", 1, 6), " a\n muchtoolong\n b\n");
}

}  // namespace
}  // namespace packproof::reports
