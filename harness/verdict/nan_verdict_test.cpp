// NaN, infinities and unwritten elements.
#include <gtest/gtest.h>

#include <limits>

#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(NanVerdict, NanOrInfinityWhereTheReferenceIsFinite) {
  for (double value : {kNan, kInf, -kInf}) {
    FakeEvidence fake({4, 4});
    fake.add(activation(8, 4)).build();
    fake.set(5 * 4 + 1, value);
    const Verdict result = fake.judge();
    ASSERT_EQ(result.outcome, Outcome::mismatch);
    EXPECT_EQ(result.mismatch->check, "nan");
    EXPECT_EQ(result.mismatch->index, "[5, 1]");
    EXPECT_EQ(result.mismatch->segment, 1);
  }
}

TEST(NanVerdict, SpecialsMatchInPlaceAndSign) {
  const auto judge = [](double want, double got) {
    FakeEvidence fake({4, 4});
    fake.the_case.fill = Fill::specials;
    fake.add(activation(8, 4));
    fake.reference[0].value[21] = want;
    fake.reference[0].magnitude[21] = kNan;
    fake.build();
    fake.set(21, got);
    return fake.judge();
  };
  for (double same : {kNan, kInf, -kInf}) EXPECT_EQ(judge(same, same).outcome, Outcome::pass);
  const std::pair<double, double> wrong[] = {
      {kNan, 1}, {kNan, kInf}, {kInf, kNan}, {kInf, -kInf}, {-kInf, kInf}, {kInf, 1}, {1, kNan}};
  for (const auto& [want, got] : wrong) {
    const Verdict result = judge(want, got);
    ASSERT_EQ(result.outcome, Outcome::mismatch) << want << " " << got;
    EXPECT_EQ(result.mismatch->check, "nan");
    EXPECT_EQ(result.mismatch->index, "[5, 1]");
  }
}

TEST(NanVerdict, MatchedSpecialsLeaveTheirUnitJudged) {
  FakeEvidence fake({8});
  fake.the_case.fill = Fill::specials;
  fake.add(activation(8, 4));
  fake.reference[0].value[20] = kNan;
  fake.build();
  fake.set(21, 9);
  EXPECT_EQ(fake.judge().mismatch->index, "[5, 1]");
}

// The poison is a NaN: it must not pass for the NaN that is wanted.
TEST(NanVerdict, UnwrittenElementWhereTheReferenceIsNan) {
  FakeEvidence fake({8});
  fake.the_case.fill = Fill::specials;
  fake.add(activation(8, 4));
  fake.reference[0].value[20] = kNan;
  fake.build();
  memory::set_bits(fake.out(), 20, memory::poison_bits(DType::bf16));
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->check, "unwritten");
}

TEST(NanVerdict, OverflowOfTheReferenceWantsTheSameInfinity) {
  FakeEvidence fake({8});
  fake.the_case.fill = Fill::large;
  fake.add(activation(8, 4, DType::fp16));
  fake.reference[0].value[9] = -70000;
  fake.reference[0].magnitude[9] = 70000;
  fake.build();
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
  for (double wrong : {65504.0, -65504.0, kInf, kNan}) {
    fake.set(9, wrong);
    EXPECT_EQ(fake.judge().outcome, Outcome::mismatch) << wrong;
  }
}

TEST(UnwrittenVerdict, SingleElementInEveryDType) {
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::fp64}) {
    FakeEvidence fake({4, 4});
    fake.add(activation(8, 4, dtype)).build();
    memory::set_bits(fake.out(), 30, memory::poison_bits(dtype));
    const Verdict result = fake.judge();
    ASSERT_EQ(result.outcome, Outcome::mismatch);
    EXPECT_EQ(result.mismatch->check, "unwritten");
    EXPECT_EQ(result.mismatch->index, "[7, 2]");
  }
}

}  // namespace
}  // namespace packproof::verdict
