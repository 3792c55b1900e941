// What lies beyond the range of the dtype, or of the fp32 arithmetic that everybody uses.
#include <gtest/gtest.h>

#include <limits>

#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

OutputSpec recurrence(std::string name, std::int64_t tokens, DType dtype = DType::bf16) {
  OutputSpec spec = activation(tokens, 4, dtype);
  spec.name = std::move(name);
  spec.bound = ElementBound::none;
  return spec;
}

void expect_mistrusted(const Verdict& result, std::string_view words) {
  EXPECT_EQ(result.outcome, Outcome::mistrusted) << result.detail;
  EXPECT_FALSE(result.mismatch);
  EXPECT_NE(result.detail.find(words), std::string::npos) << result.detail;
}

TEST(RangeVerdict, WhatPlainArithmeticHasWrongTooIsNoFault) {
  for (const double plain : {kInf, kNan, 0.0})
    for (const double got : {kInf, kNan, 0.0}) {
      FakeEvidence fake({4, 4});
      fake.add(activation(8, 4)).build();
      fake.reference[0].value[21] = fake.reference[0].magnitude[21] = 3;
      fake.give_plain_these_inputs(2);
      store(fake.evidence.plain[2].outputs[0], 21, plain);
      fake.set(21, got);
      expect_mistrusted(fake.judge(), "[5, 1] plain fp32 code gives");
    }
}

TEST(RangeVerdict, WhatPlainArithmeticHasRightIsOne) {
  FakeEvidence fake({4, 4});
  fake.add(activation(8, 4)).build();
  fake.give_plain_these_inputs(2);
  store(fake.evidence.plain[2].outputs[0], 21, kInf);
  fake.set(22, kNan);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->index, "[5, 2]");
}

// A plain run of other inputs says nothing of these.
TEST(RangeVerdict, OnlyThePlainRunOfTheSameInputsExcuses) {
  FakeEvidence fake({4, 4});
  fake.add(activation(8, 4)).build();
  store(fake.evidence.plain[2].outputs[0], 21, kInf);
  fake.set(21, kInf);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

TEST(RangeVerdict, OverflowPassesOnInARecurrence) {
  FakeEvidence fake({4, 4});
  fake.add(recurrence("o", 8)).add(recurrence("dv", 8)).build();
  fake.give_plain_these_inputs(0);
  store(fake.evidence.plain[0].outputs[0], 21, kInf);
  fake.set(30, kNan, 1);
  expect_mistrusted(fake.judge(), "o is beyond the range of its arithmetic");
  memory::set_bits(fake.out(1), 30, memory::kPoison16);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

TEST(RangeVerdict, RecurrenceBeyondTheDTypeIsNotDefined) {
  FakeEvidence fake({4, 4});
  fake.add(recurrence("o", 8));
  fake.reference[0].value[9] = fake.reference[0].magnitude[9] = 7.35e38;
  fake.build();
  fake.set(20, kNan);
  expect_mistrusted(fake.judge(), "o is beyond bf16: the definition reaches 7.35e+38 at [2, 1]");
}

Outcome judged_near_the_end(double want, double got) {
  FakeEvidence fake({8});
  fake.the_case.fill = Fill::large;
  fake.add(activation(8, 4, DType::fp16));
  fake.reference[0].value[9] = want;
  fake.reference[0].magnitude[9] = std::abs(want);
  fake.build();
  fake.set(9, got);
  return fake.judge().outcome;
}

// fp16 ends at 65504, and 65520 is the first to round to infinity.
TEST(RangeVerdict, EitherSideIsRightNextToTheEndOfTheRange) {
  EXPECT_EQ(judged_near_the_end(65519, kInf), Outcome::pass);
  EXPECT_EQ(judged_near_the_end(65521, 65504), Outcome::pass);
  EXPECT_EQ(judged_near_the_end(-65519, -kInf), Outcome::pass);
  EXPECT_EQ(judged_near_the_end(-65519, kInf), Outcome::mismatch);
  EXPECT_EQ(judged_near_the_end(65521, kNan), Outcome::mismatch);
  EXPECT_EQ(judged_near_the_end(65521, 65000), Outcome::mismatch);
  EXPECT_EQ(judged_near_the_end(60000, kInf), Outcome::mismatch);
}

}  // namespace
}  // namespace packproof::verdict
