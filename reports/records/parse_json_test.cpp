#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/files/report_error.h"
#include "reports/records/record_json.h"

namespace packproof::reports {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_json(text, "run.json");
  } catch (const ReportError& error) {
    return error.what();
  }
  return "no error";
}

std::string expected(const std::string& fault) {
  return "'run.json' is not JSON: " + fault + "; write it again with --json";
}

TEST(ParseJson, SaysWhatItFoundWhere) {
  EXPECT_EQ(error_of("garbage"),
            expected("line 1, column 1 has 'garbage', which does not belong there"));
  EXPECT_EQ(error_of("{\n  \"a\": 1,\n  \"b\": }\n}"),
            expected("line 3, column 8 has '}', which does not belong there"));
  EXPECT_EQ(error_of("{\"a\": 1}\n{\"b\": 2}"),
            expected("line 2, column 1 has '{\"b\": 2}', which does not belong there"));
  EXPECT_EQ(error_of("{\"a\": \"b\nc\"}"),
            expected("line 1, column 9 has the end of the line, which does not belong there"));
}

TEST(ParseJson, SaysThatAFileWasCutOffOrIsEmpty) {
  EXPECT_EQ(error_of(""), expected("it is empty"));
  EXPECT_EQ(error_of(" \n"), expected("it is empty"));
  for (const char* text : {"{\n\"a\": [1, 2", "{\n\"a\": \"half a str", "[\n1,\n"})
    EXPECT_THAT(error_of(text), testing::HasSubstr("within a value: it was cut off")) << text;
}

TEST(ParseJson, NeverShowsAParsersOwnWordsOrControlCharacters) {
  for (const char* text :
       {"[1e999]", "[nul]", "[\"\x1b[31m\"]", "[\"\xff\"]", "[\"\\q\"]", "[1.x]", "{1:2}"}) {
    const std::string error = error_of(text);
    EXPECT_THAT(error, testing::StartsWith("'run.json' is not JSON: ")) << text;
    EXPECT_THAT(error, testing::Not(testing::HasSubstr("json.exception"))) << text;
    EXPECT_THAT(error, testing::Not(testing::HasSubstr("\x1b"))) << text;
  }
}

}  // namespace
}  // namespace packproof::reports
