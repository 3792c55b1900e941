#include "cases/lengths/segment_lengths.h"

#include <numeric>

#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/core/philox.h"
#include "cases/lengths/length_families.h"
#include "cases/lengths/workload.h"

namespace packproof {
namespace {

using Lengths = std::vector<std::int64_t>;

std::int64_t sum(const Lengths& lengths) {
  return std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0});
}

std::string error_of(std::string_view text) {
  try {
    parse_lengths(text, {"", 1});
  } catch (const CaseError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ParseLengths, ItemsAndRuns) {
  EXPECT_EQ(parse_lengths("5"), (Lengths{5}));
  EXPECT_EQ(parse_lengths("1,63,0,8192"), (Lengths{1, 63, 0, 8192}));
  EXPECT_EQ(parse_lengths("3*2+7"), (Lengths{2, 2, 2, 7}));
  EXPECT_EQ(parse_lengths("2147483647"), (Lengths{2147483647}));
  EXPECT_EQ(parse_lengths("1000000*0").size(), 1000000u);
}

TEST(ParseLengths, RealPacks) {
  const Lengths gsm8k = parse_lengths("gsm8k@32768");
  EXPECT_EQ(gsm8k.size(), 204u);
  EXPECT_EQ(sum(gsm8k), 32742);
  const Lengths code = parse_lengths("code@32768");
  EXPECT_EQ(code.size(), 10u);
  EXPECT_EQ(sum(code), 27536);
  const Lengths with_empty = parse_lengths("0,code@32768");
  EXPECT_EQ(with_empty.size(), 11u);
}

TEST(ParseLengths, Families) {
  EXPECT_EQ(parse_lengths("uniform(20,3,9,4)"), uniform_lengths(20, 3, 9, 4));
  EXPECT_EQ(parse_lengths("longtail(5000,2),1").size(), long_tail_lengths(5000, 2).size() + 1);
}

TEST(ParseLengths, OneClearErrorEach) {
  EXPECT_EQ(error_of(""), "column 1: a length is missing; give a number of tokens, 0 or more");
  EXPECT_EQ(error_of("3,,4"), "column 3: a length is missing; give a number of tokens, 0 or more");
  EXPECT_EQ(error_of("3,4,"), "column 5: a length is missing; give a number of tokens, 0 or more");
  EXPECT_EQ(error_of("3,-4"),
            "column 3: length is '-4', out of range; give one from 0 to 2147483647");
  EXPECT_EQ(error_of("3,4x"),
            "column 3: length is '4x', not a whole number; give one from 0 to 2147483647");
  EXPECT_EQ(error_of("99999999999999999999"),
            "column 1: length is '99999999999999999999', out of range; give one from 0 to "
            "2147483647");
  EXPECT_EQ(error_of("2147483647,1"),
            "column 12: the lengths add up to more than 2147483647 tokens, the most that int32 "
            "cu_seqlens can hold; give fewer");
  EXPECT_EQ(error_of("1000000*1,0"), "column 11: more than 1000000 segments; give fewer");
  EXPECT_EQ(error_of("0*5"),
            "column 1: count of segments is '0', out of range; give one from 1 to 1000000");
  EXPECT_EQ(error_of("2*3*4"), "column 4: found '*4' after a length; separate lengths with ','");
  EXPECT_EQ(error_of("gsm8@100"),
            "column 1: unknown workload 'gsm8'; did you mean 'gsm8k'? known: code, gsm8k");
  EXPECT_EQ(error_of("gsm8k"), "column 6: gsm8k needs a token limit: gsm8k@32768");
  EXPECT_EQ(error_of("gsm8k@10"),
            "column 7: no sequence fits: the first of gsm8k has 82 tokens; give at least that");
  EXPECT_EQ(error_of("unifrom(1,2,3,4)"),
            "column 1: unknown length family 'unifrom'; did you mean 'uniform'? known: "
            "uniform, longtail");
  EXPECT_EQ(error_of("uniform(1,9,3,4)"), "column 1: uniform has min 9 above max 3");
  EXPECT_EQ(error_of("uniform(1,2)"),
            "column 12: missing ','; the form is uniform(count,min,max,seed)");
  EXPECT_EQ(error_of("longtail(9,1"), "column 13: missing ')'; the form is longtail(total,seed)");
  EXPECT_EQ(error_of("longtail(2147483647,1)"), "column 1: more than 1000000 segments; give fewer");
}

TEST(FormatLengths, CompressesRuns) {
  EXPECT_EQ(format_lengths(Lengths{5}), "5");
  EXPECT_EQ(format_lengths(parse_lengths("16*128+16*128,8192")), "32*128,8192");
  EXPECT_EQ(format_lengths(Lengths{0, 0, 1}), "2*0,1");
}

TEST(FormatLengths, NamesWholePacks) {
  EXPECT_EQ(format_lengths(parse_lengths("gsm8k@32768")), "gsm8k@32768");
  EXPECT_EQ(format_lengths(parse_lengths("gsm8k@32742")), "gsm8k@32768");
  EXPECT_EQ(format_lengths(parse_lengths("code@32768")), "code@32768");
  EXPECT_EQ(format_lengths(parse_lengths("gsm8k@200")), "82,83");
  EXPECT_NE(format_lengths(parse_lengths("gsm8k@32768,0")).substr(0, 5), "gsm8k");
}

TEST(FormatLengths, EveryPackParsesBack) {
  for (const Workload& workload : workloads())
    for (std::size_t count = 1; count <= workload.lengths.size(); count += count < 40 ? 1 : 311) {
      const Lengths lengths(workload.lengths.begin(),
                            workload.lengths.begin() + static_cast<std::ptrdiff_t>(count));
      ASSERT_EQ(parse_lengths(format_lengths(lengths)), lengths) << workload.name << count;
    }
  const Lengths& whole = find_workload("gsm8k")->lengths;
  EXPECT_EQ(parse_lengths(format_lengths(whole)), whole);
}

TEST(FormatLengths, RandomListsParseBack) {
  PhiloxSequence random(1, 0);
  for (int round = 0; round < 500; ++round) {
    Lengths lengths(1 + random.below(30));
    for (std::int64_t& length : lengths) length = random.below(3) * random.below(100);
    ASSERT_EQ(parse_lengths(format_lengths(lengths)), lengths);
  }
}

TEST(CheckLengths, NamesTheSegment) {
  EXPECT_NO_THROW(check_lengths(Lengths{0}, {}));
  EXPECT_THROW(check_lengths(Lengths{}, {}), CaseError);
  EXPECT_THROW(check_lengths(Lengths{1, -1}, {}), CaseError);
  EXPECT_THROW(check_lengths(Lengths{2147483647, 1}, {}), CaseError);
  EXPECT_THROW(check_lengths(Lengths(1000001, 0), {}), CaseError);
}

TEST(Workload, RefusesBrokenFiles) {
  EXPECT_THROW(parse_workload("{}", "w"), std::logic_error);
  EXPECT_THROW(parse_workload("[", "w"), std::logic_error);
  const std::string head = R"({"name": "n", "tokenizer": "t", "source": "s", )";
  EXPECT_NO_THROW(parse_workload(head + R"("count": 1, "max": 2, "lengths": [2]})", "w"));
  EXPECT_THROW(parse_workload(head + R"("count": 2, "max": 2, "lengths": [2]})", "w"),
               std::logic_error);
  EXPECT_THROW(parse_workload(head + R"("count": 1, "max": 0, "lengths": [0]})", "w"),
               std::logic_error);
}

}  // namespace
}  // namespace packproof
