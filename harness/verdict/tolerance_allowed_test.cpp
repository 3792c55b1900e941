// Arithmetic outputs: what a right implementation must be allowed, and what is judged at all.
#include <gtest/gtest.h>

#include "harness/evidence/limits.h"
#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;

TEST(ToleranceAllowed, CorrectlyRoundedOutputPassesInEveryDType) {
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::fp64})
    for (std::int64_t channels : {1, 2, 3, 64}) {
      FakeEvidence fake({1, 7, 300});
      const Verdict result = fake.add(activation(308, channels, dtype)).build().judge();
      EXPECT_EQ(result.outcome, Outcome::pass) << name_of(dtype) << " " << result.detail;
      EXPECT_FALSE(result.mismatch);
    }
}

// The worst that correct rounding can do: every element half way between two neighbours.
TEST(ToleranceAllowed, RoundingAtItsWorstPasses) {
  for (std::int64_t channels : {1, 2, 512}) {
    FakeEvidence fake({40});
    fake.add(activation(40, channels));
    for (double& r : fake.reference[0].value) r = 1 + 0x1p-8;
    fake.reference[0].magnitude = fake.reference[0].value;
    EXPECT_EQ(fake.build().judge().outcome, Outcome::pass) << channels;
  }
}

// The plain runs and the reference's own rounding are exact by luck: nothing but the guard allows
// for the one rounding that a right implementation may make differently.
TEST(ToleranceAllowed, OneUlpOfOneElementPassesWhereBaseAndFloorAreZeroByLuck) {
  FakeEvidence fake({1});
  fake.add(activation(1, 1));
  fake.reference[0].value = {1.5};
  fake.reference[0].magnitude = {1.5};
  fake.the_case.fill = Fill::integers;
  fake.build();
  fake.set(0, 1.5 + 0x1p-7);
  EXPECT_EQ(fake.judge().outcome, Outcome::pass);
  fake.set(0, 1.5 + 0x1p-5);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

TEST(ToleranceAllowed, OutputRoundedTwicePasses) {
  for (std::int64_t channels : {1, 2, 3, 8, 64}) {
    FakeEvidence fake({1, 3, 2000});
    fake.add(activation(2004, channels)).build();
    // A second rounding at half the output's value lattice: as if y were made of two bf16 parts.
    for (std::int64_t e = 0; e < fake.out().count(); ++e) {
      const double r = fake.reference[0].value[static_cast<std::size_t>(e)];
      const double part = memory::rounded(DType::bf16, r * 0.7);
      fake.set(e, part + (r - r * 0.7));
    }
    const Verdict result = fake.judge();
    EXPECT_EQ(result.outcome, Outcome::pass) << channels << " " << result.detail;
  }
}

// Sums in another order than the baseline's, in fp32, where one of them may cancel and the same
// unit of the plain runs does not.
TEST(ToleranceAllowed, OtherOrderOfSummationPassesInSmallUnitsThatCancel) {
  FakeEvidence fake({5000});
  fake.add(activation(5000, 1, DType::fp32)).build(0.3);
  for (std::int64_t e = 0; e < fake.out().count(); ++e) {
    const auto i = static_cast<std::size_t>(e);
    const double sign = e % 2 == 0 ? 1 : -1;
    fake.set(e, fake.reference[0].value[i] + sign * 0x1p-24 * fake.reference[0].magnitude[i]);
  }
  const Verdict result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
}

// One number a token; where the plain runs all hit one by luck, it may err as others do, not more.
// Its terms cancel: beside its own size others err less.
TEST(ToleranceAllowed, TokenWhosePlainRunsWereAllLucky) {
  FakeEvidence fake({500});
  fake.add(activation(500, 1, DType::fp32));
  fake.reference[0].value[77] = fake.reference[0].magnitude[77] / 8;
  fake.build(/*plain_noise=*/3);
  for (std::size_t run = 0; run < fake.evidence.plain.size(); ++run) fake.make_plain_exact(run, 77);
  const auto judge_with_error = [&](double roundings) {
    const ReferenceTensor& r = fake.reference[0];
    fake.set(77, r.value[77] + roundings * 0x1p-24 * r.magnitude[77]);
    return fake.judge().outcome;
  };
  EXPECT_EQ(judge_with_error(10), Outcome::pass);
  EXPECT_EQ(judge_with_error(14), Outcome::mismatch);
}

// One token of heads of one gate each. Plain runs are right in every third head, by luck, and twice
// u |m| off in the others: as token, window and all of its segment head 1 may be off by four times
// that.
TEST(ToleranceAllowed, SegmentOfOneTokenIsJudgedAsTheToken) {
  FakeEvidence fake({1});
  fake.add(headed(1, 99, 1));
  fake.signature.outputs[0].bound = ElementBound::none;
  fake.reference[0].value.assign(99, 1.25);
  fake.reference[0].magnitude.assign(99, 1.25);
  fake.the_case.fill = Fill::integers;  // plain runs have the same reference
  fake.build(/*plain_noise=*/2);
  const auto judge_with_error = [&](double roundoffs) {
    const ReferenceTensor& want = fake.reference[0];
    fake.set(1, want.value[1] + roundoffs * 0x1p-8 * want.magnitude[1]);
    return fake.judge().outcome;
  };
  EXPECT_EQ(judge_with_error(6), Outcome::pass) << fake.judge().detail;
  EXPECT_EQ(judge_with_error(12), Outcome::mismatch);
}

// What spoils one number of a token spoils all of them. A segment of few tokens may be off by three
// times what plain runs show, a longer one by twice that.
TEST(ToleranceAllowed, SegmentsOfFewTokensAreJudgedAsWindows) {
  const auto judge_segment_of = [](std::int64_t tokens, double roundoffs) {
    FakeEvidence fake({tokens, 2000});
    fake.add(activation(tokens + 2000, 64));
    fake.signature.outputs[0].bound = ElementBound::none;
    fake.build(/*plain_noise=*/4);
    for (std::int64_t e = 0; e < tokens * 64; ++e) {
      const auto i = static_cast<std::size_t>(e);
      fake.set(e, fake.reference[0].value[i] + roundoffs * 0x1p-8 * fake.reference[0].magnitude[i]);
    }
    return fake.judge().outcome;
  };
  EXPECT_EQ(judge_segment_of(15, 8), Outcome::pass);
  EXPECT_EQ(judge_segment_of(16, 8), Outcome::mismatch);
  EXPECT_EQ(judge_segment_of(15, 12), Outcome::mismatch);
}

TEST(ToleranceAllowed, CancellationPassesWhenCorrect) {
  FakeEvidence fake({64});
  fake.add(activation(64, 4));
  for (std::size_t i = 0; i < 256; i += 3) {
    fake.reference[0].value[i] = 1e-7;
    fake.reference[0].magnitude[i] = 4;
  }
  fake.build();
  for (std::int64_t i = 0; i < 256; i += 3) fake.set(i, -2e-7);  // relative error 3, sound in fp32
  const Verdict result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
}

TEST(ToleranceAllowed, TheWindowIsTheSignatures) {
  for (const auto& [window, units] : std::vector<std::pair<int, int>>{{1, 2}, {0, 0}}) {
    FakeEvidence fake({10, 0, 5});
    fake.signature.boundary_window = window;
    const Verdict result = fake.add(activation(15, 4)).build().judge();
    int seen = 0;
    for (const reports::UnitReport& unit : result.tensors[0].worst)
      if (unit.kind == "boundary window") seen = static_cast<int>(unit.units);
    EXPECT_EQ(seen, units);
  }
}

// An empty segment has no tokens, yet its final state is an output like any other.
TEST(ToleranceAllowed, StateOfAnEmptySegmentIsJudged) {
  FakeEvidence fake({5, 0, 7});
  fake.add(state(3, 6, 3));
  for (std::size_t e = 18; e < 36; ++e)
    fake.reference[0].value[e] = fake.reference[0].magnitude[e] = 0;
  fake.build();
  EXPECT_EQ(fake.judge().outcome, Outcome::pass);
  fake.set(20, 1e-30);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
  EXPECT_EQ(result.mismatch->fault, "stale state");
}

TEST(ToleranceAllowed, EmptySegmentsAnywhereHaveNoUnits) {
  for (const std::vector<std::int64_t>& lengths :
       {std::vector<std::int64_t>{0, 5, 6}, {5, 0, 0, 6}, {5, 6, 0}}) {
    FakeEvidence fake(lengths);
    const Verdict result = fake.add(activation(11, 4)).build().judge();
    EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
    EXPECT_EQ(result.tensors[0].worst[0].units, 2);
    fake.set(5 * 4, 3);
    const Verdict wrong = fake.judge();
    ASSERT_EQ(wrong.outcome, Outcome::mismatch);
    EXPECT_EQ(wrong.mismatch->segment,
              static_cast<std::int64_t>(lengths.size()) - (lengths.back() == 0 ? 2 : 1));
  }
}

TEST(ToleranceAllowed, NoTokensPassWithoutUnits) {
  FakeEvidence fake({0, 0});
  const Verdict result = fake.add(activation(0, 4)).build().judge();
  EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
  EXPECT_TRUE(result.tensors[0].worst.empty());
}

TEST(ToleranceAllowed, RowsBeyondTheLastBoundaryAreJudgedWithoutASlackContract) {
  FakeEvidence fake({5}, 8);
  fake.add(activation(8, 4)).build();
  EXPECT_EQ(fake.judge().outcome, Outcome::pass);
  fake.set(7 * 4, 30);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->token, 7);
  EXPECT_FALSE(result.mismatch->segment);
}

TEST(ToleranceAllowed, NearNothingIsLooserThanItsFactorAllows) {
  EXPECT_LE(kSegmentFactor, 2);
  EXPECT_LE(kSmallUnitFactor, 3);
  EXPECT_LE(kTokenFactor, 4);
  EXPECT_LE(kWidestLimit, 0.1);
  EXPECT_GE(kPlainRuns, 5);
}

// One plain run is worse than the others: what it reaches is allowed.
TEST(ToleranceAllowed, BaseIsTheWorstOfThePlainRuns) {
  FakeEvidence fake({4000});
  fake.add(activation(4000, 16)).build();
  const auto disturb = [](const Tensor& y, const ReferenceTensor& want) {
    for (std::int64_t e = 0; e < y.count(); ++e) {
      const auto i = static_cast<std::size_t>(e);
      store(y, e, want.value[i] + (e % 2 == 0 ? 1 : -1) * 0x1p-8 * want.magnitude[i]);
    }
  };
  disturb(fake.out(), fake.reference[0]);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
  disturb(fake.evidence.plain[1].outputs[0], (*fake.evidence.plain[1].reference)[0]);
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
}

// Measured against a reference that all but cancelled, no limit would be trusted.
TEST(ToleranceAllowed, UnitThatCancelsAltogetherIsTrusted) {
  FakeEvidence fake({64});
  fake.add(activation(64, 1, DType::fp32));
  fake.reference[0].value[9] = 1e-9;
  fake.reference[0].magnitude[9] = 4;
  fake.build();
  fake.set(9, 2e-7);
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
}

}  // namespace
}  // namespace packproof::verdict
