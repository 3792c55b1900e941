#include "cases/random/random_cases.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "cases/core/call.h"
#include "cases/core/fnv1a.h"
#include "cases/language/cu_seqlens_fault.h"
#include "cases/language/descriptor.h"
#include "cases/random/random_fields.h"
#include "cases/random/random_lengths.h"
#include "cases/testing/toy_op_form.h"

namespace packproof {
namespace {

constexpr std::array<const OpForm*, 2> kForms = {&kToyOp, &kToyIndexOp};

bool any(const Case&) { return true; }

std::vector<std::string> descriptors(std::int64_t count, std::uint64_t seed) {
  std::vector<std::string> all;
  for (const Case& c : random_cases(count, seed, kForms, any).cases)
    all.push_back(format_descriptor(c, toy_form_of(c)));
  return all;
}

TEST(RandomCases, TheSameSeedGivesTheSameAndMoreGoOn) {
  const std::vector<std::string> some = descriptors(50, 7), more = descriptors(80, 7);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), more.begin()));
  EXPECT_NE(descriptors(50, 8), some);
}

// Recorded: the same on every host and under every compiler. A change here changes what a seed of
// a nightly run means.
TEST(RandomCases, KeepTheirValues) {
  std::uint64_t hash = kFnv1aBasis;
  for (const std::string& text : descriptors(500, 1)) hash = fnv1a(text, hash);
  EXPECT_EQ(hash, 0x5e6737101f9bcbedu);
}

TEST(RandomCases, TakeTurnsAndReadBack) {
  const std::vector<Case> cases = random_cases(2000, 1, kForms, any).cases;
  ASSERT_EQ(cases.size(), 2000u);
  std::set<std::string> seen;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Case& c = cases[i];
    EXPECT_EQ(c.op, kForms[i % 2]->name);
    const std::string text = format_descriptor(c, toy_form_of(c));
    EXPECT_EQ(parse_descriptor(text, toy_ops()), c);
    EXPECT_TRUE(seen.insert(text).second) << text;
  }
}

TEST(RandomCases, OnlyThoseWantedAndTheFormsThatHaveSome) {
  const auto wanted = [](const Case& c) {
    return c.op == kToyOp.name && c.direction == Direction::bwd && c.dtype == DType::fp16;
  };
  const std::vector<Case> cases = random_cases(100, 1, kForms, wanted).cases;
  EXPECT_EQ(cases.size(), 100u);
  EXPECT_TRUE(std::all_of(cases.begin(), cases.end(), wanted));
  EXPECT_TRUE(random_cases(3, 1, kForms, [](const Case&) { return false; }).cases.empty());
}

TEST(RandomCases, DrawsThatTheFormDoesNotTakeAreCounted) {
  const OpForm* const conv[] = {&kToyOp};  // refuses mode=state with width above 4
  EXPECT_GT(random_cases(200, 1, conv, any).redrawn, 10);
  OpForm never = kToyIndexOp;
  never.signature = [](const Case&) -> Signature { throw CaseError("never"); };
  PhiloxSequence random(1, 0);
  const DrawnCase drawn = draw_case(never, random);
  EXPECT_FALSE(drawn.the_case.has_value());
  EXPECT_GT(drawn.redrawn, 10);
}

TEST(RandomValue, CoversChoicesAndBothEndsOfARange) {
  PhiloxSequence random(3, 0);
  const FieldSpec number{.name = "n", .fallback = "5", .help = {}, .min = -3, .max = 1 << 20};
  const FieldSpec choice{.name = "c",
                         .kind = FieldSpec::Kind::choice,
                         .fallback = "a",
                         .help = {},
                         .choices = {"a", "b", "bad"},
                         .refused = {"bad"}};
  std::map<std::string, int> numbers, kept, all;
  for (int i = 0; i < 4000; ++i) {
    ++numbers[random_value(number, Refusable::no, random)];
    ++kept[random_value(choice, Refusable::no, random)];
    ++all[random_value(choice, Refusable::yes, random)];
  }
  for (const char* value : {"-3", "-2", "5", "1048576", "1048575"}) EXPECT_GT(numbers[value], 30);
  std::set<std::size_t> digits;
  for (const auto& [text, count] : numbers) {
    EXPECT_GE(std::stoll(text), -3);
    EXPECT_LE(std::stoll(text), 1 << 20);
    digits.insert(text.size());
  }
  EXPECT_GE(digits.size(), 7u);
  EXPECT_EQ(kept.count("bad"), 0u);
  EXPECT_GT(kept["b"], 500);
  EXPECT_GT(all["bad"], 500);
}

TEST(RandomLayout, MeetsTheEdges) {
  PhiloxSequence random(5, 0);
  std::map<std::string, int> seen;
  for (int i = 0; i < 4000; ++i) {
    const RandomLayout layout = random_layout(1 + random.below(600), random);
    ASSERT_FALSE(layout.lengths.empty());
    std::int64_t tokens = 0;
    for (const std::int64_t length : layout.lengths) {
      ASSERT_GE(length, 0);
      tokens += length;
      for (const std::int64_t edge : {64, 256})
        if (length >= edge - 1 && length <= edge + 1) ++seen[std::to_string(length)];
    }
    ASSERT_GE(layout.capacity, tokens);
    seen["empty first"] += layout.lengths.front() == 0;
    seen["empty last"] += layout.lengths.back() == 0;
    seen["all empty"] += tokens == 0;
    seen["no slack"] += layout.capacity == tokens;
    seen["one row of slack"] += layout.capacity == tokens + 1;
    seen["mostly slack"] += layout.capacity > 2 * tokens;
    seen["for 8 ranks"] += layout.capacity % 8 == 0 && layout.capacity > tokens;
    seen["one segment"] += layout.lengths.size() == 1;
    seen["many segments"] += layout.lengths.size() > 256;
    ASSERT_TRUE(find_fault(random_broken_boundaries(layout, random), layout.capacity));
  }
  EXPECT_EQ(seen.size(), 15u);
  for (const auto& [what, count] : seen) EXPECT_GE(count, 40) << what;
}

}  // namespace
}  // namespace packproof
