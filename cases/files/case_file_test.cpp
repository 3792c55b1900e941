#include "cases/files/case_file.h"

#include <cmath>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/testing/random_toy_case.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {
namespace {

constexpr const char* kHead = R"({"schema": "packproof.case/1", "op": "toy_conv", )";

CaseFile parse(std::string_view json) { return parse_case_file(json, "f.json", toy_ops()); }

std::string error_of(const std::string& json) {
  try {
    parse(json);
  } catch (const CaseError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CaseFile, ReadsEveryField) {
  const CaseFile file = parse(R"({
    "schema": "packproof.case/1", "title": "a title", "why": "because",
    "op": "toy_conv", "direction": "bwd", "dtype": "fp16",
    "fields": {"width": 3, "offset": "-7", "mode": "state", "activation": "silu"},
    "len": [3, 0, 5], "cap": 10, "slack": "zero", "fill": "large",
    "seed": 18446744073709551615, "contract": "C8", "expected": "refused", "source": "https://x/1"
  })");
  const Case& c = file.the_case;
  EXPECT_EQ(file.title, "a title");
  EXPECT_EQ(file.why, "because");
  EXPECT_EQ(c.direction, Direction::bwd);
  EXPECT_EQ(c.dtype, DType::fp16);
  EXPECT_EQ(c.integer("width"), 3);
  EXPECT_EQ(c.integer(FieldName(std::string_view("offset"))), -7);
  EXPECT_EQ(c.lengths, (std::vector<std::int64_t>{3, 0, 5}));
  EXPECT_EQ(c.capacity, 10);
  EXPECT_EQ(c.seed, 18446744073709551615u);
  EXPECT_EQ(c.contract, "C8");
  EXPECT_EQ(c.expect, Expect::refused);
  EXPECT_EQ(c.source, "https://x/1");
}

TEST(CaseFile, Format) {
  CaseFile file = parse(R"({"schema": "packproof.case/1", "op": "toy_conv", "len": "2*3,0"})");
  file.title = "Two and an empty one";
  EXPECT_EQ(format_case_file(file, kToyOp), R"({
  "schema": "packproof.case/1",
  "title": "Two and an empty one",
  "op": "toy_conv",
  "direction": "fwd",
  "dtype": "bf16",
  "fields": {
    "width": 4,
    "offset": 0,
    "mode": "plain",
    "activation": "none"
  },
  "len": "2*3,0",
  "cap": 6,
  "slack": "nan",
  "fill": "normal",
  "seed": 1,
  "expected": "pass"
}
)");
}

TEST(CaseFile, RandomCasesRoundTrip) {
  PhiloxSequence random(12, 0);
  for (int round = 0; round < 1000; ++round) {
    const CaseFile file{random_toy_case(random), round % 2 == 0 ? "" : "t\"\n\\", "w"};
    const OpForm& form = toy_form_of(file.the_case);
    const std::string text = format_case_file(file, form);
    ASSERT_EQ(parse(text), file) << text;
    ASSERT_EQ(format_case_file(parse(text), form), text);
  }
}

// Catches: a saved failure that no longer knows who failed, and by how much.
TEST(CaseFile, ASavedVerdictRoundTrips) {
  CaseFile file = parse(R"({"schema": "packproof.case/1", "op": "toy_conv", "len": "3"})");
  EXPECT_EQ(file.saved, std::nullopt);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  file.saved = SavedVerdict{.candidate = "seeded:x",
                            .schedule = "random:7",
                            .outcome = "mismatch",
                            .reason = "y[0]: got 1, want 2",
                            .repeat = "packproof repro 'toy_conv len=3'",
                            .limits = {{"y", "token", "token 3", 0.25, 0.0087},
                                       {"y", "segment", "segment 0", kInfinity, 1}}};
  EXPECT_EQ(parse(format_case_file(file, kToyOp)), file);
  file.saved->limits = {{"y", "token", "token 3", std::nan(""), -kInfinity}};
  const CaseFile again = parse(format_case_file(file, kToyOp));
  ASSERT_TRUE(again.saved && again.saved->limits.size() == 1);
  EXPECT_TRUE(std::isnan(again.saved->limits[0].error));
  EXPECT_EQ(again.saved->limits[0].limit, -kInfinity);
}

TEST(CaseFile, OneClearErrorEach) {
  const std::string head = kHead;
  const std::pair<std::string, const char*> kErrors[] = {
      {head + R"("len": "3")",
       "f.json:1:60: not JSON: syntax error while parsing object - unexpected end of input; "
       "expected '}'"},
      {"",
       "f.json:1:1: not JSON: syntax error while parsing value - unexpected end of input; expected "
       "'[', '{', or a literal"},
      {"{\n  \"schema\": x}",
       "f.json:2:13: not JSON: syntax error while parsing value - invalid literal"},
      {"\xff", "f.json:1:1: not JSON: syntax error while parsing value - invalid literal"},
      {"[]", "f.json: a case file is one JSON object"},
      {R"({"op": "toy_conv"})", "f.json: the field 'schema' is missing; give it as a string"},
      {R"({"schema": "packproof.case/2"})",
       "f.json: /schema: schema is 'packproof.case/2'; this program reads 'packproof.case/1'"},
      {R"({"schema": "packproof.case/1"})",
       "f.json: the field 'op' is missing; give it as a string"},
      {R"({"schema": "packproof.case/1", "op": "toy_con", "len": "3"})",
       "f.json: /op: unknown op 'toy_con'; did you mean 'toy_conv'? known: toy_conv, toy_index"},
      {head + R"("lens": "3"})",
       "f.json: unknown field 'lens'; did you mean 'len'? known: schema, op, direction, "
       "dtype, fields, len, cu_seqlens, cap, slack, fill, seed, contract, expected, source, title, "
       "why, saved"},
      {head + R"("len": "3", "saved": {"candidate": "x"}})",
       "f.json: /saved: the field 'schedule' is missing"},
      {head + R"("len": "3", "saved": {"candidat": "x"}})",
       "f.json: /saved: unknown field 'candidat'; did you mean 'candidate'? known: candidate, "
       "schedule, outcome, reason, repeat, limits"},
      {head + R"("len": "3", "saved": {"candidate": "x", "schedule": "", "outcome": "mismatch", )"
              R"("reason": "", "repeat": "", "limits": [{"tensor": "y", "unit": "", "where": "", )"
              R"("error": "many", "limit": 1}]}})",
       "f.json: /saved/limits/0/error: found string; give a number"},
      {head + R"("len": "3", "fields": {"wdth": 3}})",
       "f.json: /fields: unknown field 'wdth'; did you mean 'width'? known: width, offset, "
       "mode, activation (of op toy_conv)"},
      {head + R"("len": "3", "fields": {"width": 9}})",
       "f.json: /fields/width: width is '9', out of range; give one from 2 to 8"},
      {head + R"("len": "3", "fields": {"width": 3.5}})",
       "f.json: /fields/width: found 3.5; give a whole number within 64 bits"},
      {head + R"("len": "3", "fields": {"width": 3, "mode": "plain", "width": 4}})",
       "f.json: /fields: the key 'width' is given twice; give it once"},
      {head + R"("len": "3", "len": "4"})",
       "f.json: /: the key 'len' is given twice; give it once"},
      {head + R"("len": "3,,4"})",
       "f.json: /len, column 3: a length is missing; give a number of tokens, 0 or more"},
      {head + R"("len": ""})", "f.json: /len, column 1: len has no value"},
      {head + R"("len": []})",
       "f.json: /len: no segment; give at least one length, which may be 0"},
      {head + R"("len": [3, -1]})",
       "f.json: /len: length -1 of segment 1 is negative; give 0 or more"},
      {head + R"("len": [2147483647, 1]})",
       "f.json: /len: length 1 of segment 1 takes the sum beyond int32; give fewer tokens"},
      {head + R"("len": [3, "4"]})",
       "f.json: /len/1: found string; give a whole number within 64 bits"},
      {head + R"("len": [18446744073709551615]})",
       "f.json: /len/0: found 18446744073709551615; give a whole number within 64 bits"},
      {head + R"("len": 3})", "f.json: /len: found 3; give a list of whole numbers"},
      {head + R"("seed": 1})",
       "f.json: len is missing; give the segment lengths in tokens, such as 3,0,128"},
      {head + R"("len": "3", "seed": 1e3})",
       "f.json: /seed: found 1000.0; give a whole number within 64 bits"},
      {head + R"("len": "3", "cap": 2})",
       "f.json: /cap: cap is 2, below the 3 tokens of len; give at least that"},
      {head + R"("len": "3", "dtype": 3})", "f.json: /dtype: found number; give a string"},
      {head + R"("cu_seqlens": [0, 5, 3]})",
       "f.json: /cu_seqlens: cu_seqlens[2] is 3, below cu_seqlens[1] = 5; a broken cu_seqlens can "
       "only be refused: add \"expected\": \"refused\""},
      {head + R"("len": "3", "title": [[[[[[[[[[]]]]]]]]]]})", "f.json: nested more than 8 deep"},
  };
  for (const auto& [json, message] : kErrors) EXPECT_EQ(error_of(json), message) << json;
}

TEST(CaseFile, BombsAreErrors) {
  EXPECT_EQ(error_of(std::string(2'000'000, '[')), "f.json: nested more than 8 deep");
  EXPECT_EQ(error_of(std::string((std::size_t{1} << 25) + 1, ' ')),
            "f.json: 33554433 bytes; at most 33554432 do");
}

}  // namespace
}  // namespace packproof
