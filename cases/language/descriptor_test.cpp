#include "cases/language/descriptor.h"

#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/core/philox.h"
#include "cases/language/batch.h"
#include "cases/testing/random_toy_case.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {
namespace {

Case parse(std::string_view text) { return parse_descriptor(text, toy_ops()); }

std::string canonical(std::string_view text) {
  const Case parsed = parse(text);
  return format_descriptor(parsed, toy_form_of(parsed));
}

std::string error_of(std::string_view text) {
  try {
    parse(text);
  } catch (const CaseError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Descriptor, FillsInDefaults) {
  const Case c = parse("toy_conv len=3,0,5");
  EXPECT_EQ(c.op, "toy_conv");
  EXPECT_EQ(c.direction, Direction::fwd);
  EXPECT_EQ(c.dtype, DType::bf16);
  EXPECT_EQ(c.lengths, (std::vector<std::int64_t>{3, 0, 5}));
  EXPECT_EQ(c.capacity, 8);
  EXPECT_EQ(c.seed, 1u);
  EXPECT_EQ(c.integer("width"), 4);
  EXPECT_EQ(c.word("activation"), "none");
}

TEST(Descriptor, CanonicalOrder) {
  EXPECT_EQ(canonical(" toy_conv\tseed=7 cap=9 len=3+3 slack=inf fill=tiny activation=silu "
                      "width=3 contract=C8 expect=refused dtype=fp32 source=https://x/y#z "),
            "toy_conv:fwd dtype=fp32 width=3 activation=silu len=2*3 cap=9 slack=inf fill=tiny "
            "seed=7 contract=C8 expect=refused");
  EXPECT_EQ(canonical("toy_conv:bwd len=4 cap=4 width=004 mode=plain offset=-0 slack=nan seed=1"),
            "toy_conv:bwd dtype=bf16 len=4 seed=1");
  EXPECT_EQ(canonical("toy_index len=gsm8k@32768"), "toy_index:fwd len=gsm8k@32768 seed=1");
  EXPECT_EQ(canonical("toy_index cu_seqlens=0,5,3 cap=8 expect=refused seed=18446744073709551615"),
            "toy_index:fwd cu_seqlens=0,5,3 cap=8 seed=18446744073709551615 expect=refused");
}

TEST(Descriptor, BrokenBoundaries) {
  const Case c = parse("toy_index cu_seqlens=0,5,3 expect=refused");
  EXPECT_EQ(c.capacity, 5);
  EXPECT_EQ(c.lengths, (std::vector<std::int64_t>{5}));
  EXPECT_EQ(c.raw_cu_seqlens, (std::vector<std::int64_t>{0, 5, 3}));
  EXPECT_NO_THROW(parse("toy_index cu_seqlens=0,3000000000 cap=4 expect=refused"));
  EXPECT_NO_THROW(parse("toy_index cu_seqlens=-9223372036854775808 cap=4 expect=refused"));
}

TEST(Descriptor, OneClearErrorEach) {
  const std::pair<const char*, const char*> kErrors[] = {
      {"", "column 1: empty descriptor; give op[:fwd|:bwd] key=value ..."},
      {"toy_cnov len=3",
       "column 1: unknown op 'toy_cnov'; did you mean 'toy_conv'? known: toy_conv, toy_index"},
      {"zzz len=3", "column 1: unknown op 'zzz'; known: toy_conv, toy_index"},
      {"toy_conv:back len=3", "column 10: unknown direction 'back'; known: fwd, bwd"},
      {"toy_conv: len=3", "column 10: unknown direction ''; known: fwd, bwd"},
      {"toy_index:bwd len=3", "column 11: op 'toy_index' has no direction 'bwd'; use fwd"},
      {"toy_conv len=3 widht=3",
       "column 16: unknown key 'widht'; did you mean 'width'? known: width, offset, mode, "
       "activation, dtype, len, cu_seqlens, cap, slack, fill, seed, contract, expect, source (of "
       "op toy_conv)"},
      {"toy_conv len=3 width", "column 16: found 'width'; give key=value"},
      {"toy_conv len=3 =4", "column 16: found '=4'; give key=value"},
      {"toy_conv len=3 width=", "column 22: width has no value"},
      {"toy_conv len=", "column 14: len has no value"},
      {"toy_conv len=3 width=9", "column 22: width is '9', out of range; give one from 2 to 8"},
      {"toy_conv len=3 width=four",
       "column 22: width is 'four', not a whole number; give one from 2 to 8"},
      {"toy_conv len=3 mode=stat",
       "column 21: unknown mode 'stat'; did you mean 'state'? known: plain, state"},
      {"toy_conv len=3 activation=a/b",
       "column 27: activation is 'a/b'; give a word: a letter, then letters, digits, '_', '.', "
       "'-'"},
      {"toy_conv len=3 seed=1 seed=1", "column 23: seed is given twice; give it once"},
      {"toy_conv len=3 seed=-1",
       "column 21: seed is '-1'; give a whole number from 0 to 18446744073709551615"},
      {"toy_conv len=3 seed=18446744073709551616",
       "column 21: seed is '18446744073709551616'; give a whole number from 0 to "
       "18446744073709551615"},
      {"toy_conv dtype=bf61 len=3",
       "column 16: unknown dtype 'bf61'; did you mean 'bf16'? known: bf16, fp16, fp32"},
      {"toy_conv dtype=int32 len=3", "column 16: unknown dtype 'int32'; known: bf16, fp16, fp32"},
      {"toy_index dtype=bf16 len=3", "column 17: op 'toy_index' has no dtype; leave it out"},
      {"toy_conv seed=3",
       "column 16: len is missing; give the segment lengths in tokens, such as 3,0,128"},
      {"toy_conv len=3,x",
       "column 16: unknown length family 'x'; known: code, gsm8k, uniform, "
       "longtail"},
      {"toy_conv len=3,4 cap=6",
       "column 22: cap is 6, below the 7 tokens of len; give at least that"},
      {"toy_conv len=3 cap=2147483648",
       "column 20: cap is '2147483648', out of range; give one from 0 to 2147483647"},
      {"toy_conv len=3 slack=nann",
       "column 22: unknown slack 'nann'; did you mean 'nan'? known: zero, nan, inf, huge"},
      {"toy_conv len=3 fill=x",
       "column 21: unknown fill 'x'; known: normal, integers, large, tiny, "
       "specials"},
      {"toy_conv len=3 contract=C12",
       "column 25: unknown contract 'C12'; did you mean 'C1'? known: C1, C2, C3, C4, C5, C6, C7, "
       "C8, C9, C10, C11"},
      {"toy_conv len=3 expect=refuse",
       "column 23: unknown verdict 'refuse'; did you mean 'refused'? known: pass, refused"},
      {"toy_conv len=3 cu_seqlens=1,0 expect=refused",
       "column 27: both len and cu_seqlens are given; give one of them"},
      {"toy_conv cu_seqlens=0,3 expect=refused",
       "column 21: this cu_seqlens is valid, and only a broken one is given raw; give len instead"},
      {"toy_conv cu_seqlens=0,5,3",
       "column 21: cu_seqlens[2] is 3, below cu_seqlens[1] = 5; a broken cu_seqlens can only be "
       "refused: add expect=refused"},
      {"toy_conv cu_seqlens=0,x expect=refused",
       "column 23: cu_seqlens[1] is 'x', not a whole number; give one from -9223372036854775808 to "
       "9223372036854775807"},
      {"toy_conv cu_seqlens=0,3000000000 expect=refused",
       "column 21: cap is missing, and the largest boundary, 3000000000, is no number of rows; "
       "give "
       "cap"},
      {"toy_conv mode=state width=5 len=3", "mode=state needs a width of at most 4"},
      {"toy_conv len=3 \x01\xff=",
       "column 16: unknown key '\\x01\\xff'; known: width, offset, mode, "
       "activation, dtype, len, cu_seqlens, cap, slack, fill, seed, "
       "contract, expect, source (of op toy_conv)"},
  };
  for (const auto& [text, message] : kErrors) EXPECT_EQ(error_of(text), message) << text;
}

TEST(Descriptor, RandomCasesRoundTrip) {
  PhiloxSequence random(11, 0);
  for (int round = 0; round < 3000; ++round) {
    const Case c = random_toy_case(random);
    const OpForm& form = toy_form_of(c);
    const std::string line = format_descriptor(c, form);
    const Case back = parse(line);
    ASSERT_EQ(back, c) << line;
    ASSERT_EQ(format_descriptor(back, form), line);
  }
}

TEST(Descriptor, FormsThatClashAreBugs) {
  OpForm form = kToyIndexOp;
  FieldSpec field = kToyOp.fields.front();
  field.name = "len";
  form.fields = {field};
  const OpLookup ops{[&form](std::string_view) { return &form; }, {}};
  EXPECT_THROW(parse_descriptor("x len=3", ops), std::logic_error);
  field.name = "a";
  form.fields = {field, field};
  EXPECT_THROW(parse_descriptor("x len=3", ops), std::logic_error);
  EXPECT_THROW(format_descriptor(parse("toy_index len=3"), kToyOp), std::logic_error);
}

TEST(Batch, SkipsCommentsAndKeepsLineNumbers) {
  const auto batch = parse_batch(
      "# a comment\r\n\n  toy_conv len=3 source=https://x/1#issuecomment-2 # why\ntoy_index len=1",
      "b.txt", toy_ops());
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_EQ(batch[0].line, 3u);
  EXPECT_EQ(batch[0].the_case.source, "https://x/1#issuecomment-2");
  EXPECT_EQ(batch[1].line, 4u);
}

TEST(Batch, ErrorsNameFileAndLine) {
  const auto error = [](std::string_view text) -> std::string {
    try {
      parse_batch(text, "b.txt", toy_ops());
    } catch (const CaseError& caught) {
      return caught.what();
    }
    return "no error";
  };
  EXPECT_EQ(error("toy_index len=1\ntoy_index len=-1"),
            "b.txt:2: column 15: length is '-1', out of range; give one from 0 to 2147483647");
  EXPECT_EQ(error("# nothing\n"), "b.txt: no descriptor in it; give one a line");
  EXPECT_EQ(error(""), "b.txt: no descriptor in it; give one a line");
}

}  // namespace
}  // namespace packproof
