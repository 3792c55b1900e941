#include "reports/text/printable_text.h"

#include <gtest/gtest.h>

#include <string>

namespace packproof::reports {
namespace {

TEST(PrintableText, KeepsValidUtf8AndReplacesTheRest) {
  EXPECT_EQ(valid_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"),
            "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(valid_utf8("\xFFz"), bad + "z");
  EXPECT_EQ(valid_utf8("\xC3"), bad);                      // cut short
  EXPECT_EQ(valid_utf8("\xC0\xAF"), bad + bad);            // overlong
  EXPECT_EQ(valid_utf8("\xE0\x80\x80"), bad + bad + bad);  // overlong
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), bad + bad + bad);  // surrogate
  EXPECT_EQ(valid_utf8("\xF0\x80\x80\x80"), bad + bad + bad + bad);
  EXPECT_EQ(valid_utf8("\xF4\x90\x80\x80"), bad + bad + bad + bad);  // past U+10FFFF
}

TEST(PrintableText, ShowsControlCharacters) {
  EXPECT_EQ(printable(std::string("a\x1b[31m\0\n\tb\r\x7f", 12)), "a\\x1b[31m\\x00\n\tb\\x0d\\x7f");
  EXPECT_EQ(printable("\xC2\x9B"), "\\x9b");  // a one-character CSI
  EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
  EXPECT_EQ(printable("\xEF\xBF\xBF"), "\xEF\xBF\xBD");
}

TEST(PrintableText, EscapesXml) {
  EXPECT_EQ(xml_text("<a & \"b\" 'c'>\n\t"), "&lt;a &amp; &quot;b&quot; &apos;c&apos;&gt;\n\t");
  EXPECT_EQ(xml_attribute("a\n\tb"), "a&#10;&#9;b");
}

TEST(PrintableText, EscapesMarkdownCells) {
  EXPECT_EQ(markdown_cell("a|b\nc`d`<e>&f"), "a\\|b c\\`d\\`&lt;e>&amp;f");
  // An escaped pipe in the source must not end up unescaped.
  EXPECT_EQ(markdown_cell("a\\|b"), "a\\\\\\|b");
  EXPECT_EQ(markdown_cell("**x** [y](z) a_b"), "\\*\\*x\\*\\* \\[y\\](z) a\\_b");
}

TEST(PrintableText, FenceIsLongerThanAnyInside) {
  EXPECT_EQ(markdown_block("x\n"), "```text\nx\n```\n");
  EXPECT_EQ(markdown_block("a ```` b"), "`````text\na ```` b\n`````\n");
}

TEST(PrintableText, CutsAtColumnsNotBytes) {
  EXPECT_EQ(first_columns("abcdef", 6), "abcdef");
  EXPECT_EQ(first_columns("abcdefg", 6), "abc...");
  EXPECT_EQ(first_columns("\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4", 4), "\xC3\xA4...");
  EXPECT_EQ(first_columns("\xC3\xA4\xC3\xA4\xC3\xA4", 3), "\xC3\xA4\xC3\xA4\xC3\xA4");
  EXPECT_EQ(first_columns("a\nb", 10), "a b");
  EXPECT_EQ(first_columns("abc", 0), "");
  EXPECT_EQ(first_columns("abc", 2).size(), 2U);
}

TEST(PrintableText, CountsInTheSingularAndThePlural) {
  EXPECT_EQ(counted(0, "case"), "0 cases");
  EXPECT_EQ(counted(1, "case file"), "1 case file");
  EXPECT_EQ(counted(2, "more kind"), "2 more kinds");
}

}  // namespace
}  // namespace packproof::reports
