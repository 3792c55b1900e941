// Arithmetic outputs: what has to fail, and what a right implementation must be allowed.
#include <gtest/gtest.h>

#include "harness/compare/fake_evidence.h"
#include "harness/compare/limits.h"
#include "harness/compare/poison.h"

namespace packproof::compare {
namespace {

using reports::Outcome;

TEST(ToleranceVerdict, CorrectlyRoundedOutputPassesInEveryDType) {
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::fp64})
    for (std::int64_t channels : {1, 2, 3, 64}) {
      FakeEvidence fake({1, 7, 300});
      const Comparison result = fake.add(activation(308, channels, dtype)).build().judge();
      EXPECT_EQ(result.outcome, Outcome::pass) << name_of(dtype) << " " << result.detail;
      EXPECT_FALSE(result.mismatch);
    }
}

// The worst that correct rounding can do: every element half way between two neighbours.
TEST(ToleranceVerdict, RoundingAtItsWorstPasses) {
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
TEST(ToleranceVerdict, OneUlpOfOneElementPassesWhereBaseAndFloorAreZeroByLuck) {
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

TEST(ToleranceVerdict, OutputRoundedTwicePasses) {
  for (std::int64_t channels : {1, 2, 3, 8, 64}) {
    FakeEvidence fake({1, 3, 2000});
    fake.add(activation(2004, channels)).build();
    // A second rounding at half the output's value lattice: as if y were made of two bf16 parts.
    for (std::int64_t e = 0; e < fake.out().count(); ++e) {
      const double r = fake.reference[0].value[static_cast<std::size_t>(e)];
      const double part = rounded(DType::bf16, r * 0.7);
      fake.set(e, part + (r - r * 0.7));
    }
    const Comparison result = fake.judge();
    EXPECT_EQ(result.outcome, Outcome::pass) << channels << " " << result.detail;
  }
}

// Sums in another order than the baseline's, in fp32, where one of them may cancel and the same
// unit of the plain runs does not.
TEST(ToleranceVerdict, OtherOrderOfSummationPassesInSmallUnitsThatCancel) {
  FakeEvidence fake({5000});
  fake.add(activation(5000, 1, DType::fp32)).build(0.3);
  for (std::int64_t e = 0; e < fake.out().count(); ++e) {
    const auto i = static_cast<std::size_t>(e);
    const double sign = e % 2 == 0 ? 1 : -1;
    fake.set(e, fake.reference[0].value[i] + sign * 0x1p-24 * fake.reference[0].magnitude[i]);
  }
  const Comparison result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
}

TEST(ToleranceVerdict, CancellationPassesWhenCorrect) {
  FakeEvidence fake({64});
  fake.add(activation(64, 4));
  for (std::size_t i = 0; i < 256; i += 3) {
    fake.reference[0].value[i] = 1e-7;
    fake.reference[0].magnitude[i] = 4;
  }
  fake.build();
  for (std::int64_t i = 0; i < 256; i += 3) fake.set(i, -2e-7);  // relative error 3, sound in fp32
  const Comparison result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
}

TEST(ToleranceVerdict, OneWrongTokenInTheLastSegmentAmongTenThousand) {
  FakeEvidence fake({3000, 0, 6992, 8});
  fake.add(activation(10000, 16)).build();
  for (std::int64_t c = 0; c < 16; ++c) fake.set(9995 * 16 + c, fake.get(9994 * 16 + c));
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->tensor, "y");
  EXPECT_EQ(result.mismatch->check, "unit error");
  EXPECT_EQ(result.mismatch->segment, 3);
  EXPECT_EQ(result.mismatch->token, 9995);
  EXPECT_EQ(result.mismatch->token_in_segment, 3);
  EXPECT_GT(result.mismatch->error, result.mismatch->limit);
  ASSERT_EQ(result.tensors[0].segment_errors.size(), 4u);
  EXPECT_LE(result.tensors[0].segment_errors[0], 1);
  EXPECT_GT(result.tensors[0].segment_errors[3], 1);
}

// Small enough for every element's bound: only the token's own unit sees it.
TEST(ToleranceVerdict, TokenUnitSeesWhatTheElementwiseBoundAllows) {
  FakeEvidence fake({4000});
  fake.add(activation(4000, 64)).build();
  for (std::int64_t c = 0; c < 64; ++c) {
    const std::int64_t e = 777 * 64 + c;
    const auto i = static_cast<std::size_t>(e);
    fake.set(e, fake.reference[0].value[i] + 3 * 0x1p-8 * fake.reference[0].magnitude[i]);
  }
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->check, "unit error");
  EXPECT_EQ(result.mismatch->token, 777);
  for (const reports::UnitReport& unit : result.tensors[0].worst)
    EXPECT_EQ(unit.failed, unit.kind == "token" ? 1 : 0) << unit.kind;
}

// A constant small drift: no token stands out, the segment does.
TEST(ToleranceVerdict, SegmentUnitSeesADriftThatNoTokenShows) {
  FakeEvidence fake({100, 4000});
  fake.add(activation(4100, 8)).build();
  for (std::int64_t e = 100 * 8; e < 4100 * 8; ++e)
    fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e)] * (1 + 0.9 * 0x1p-8));
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
}

TEST(ToleranceVerdict, LeakAtOneBoundaryThatAGlobalRatioMisses) {
  FakeEvidence fake(std::vector<std::int64_t>(64, 512));
  fake.add(activation(32768, 16)).build();
  double error = 0, norm = 0;
  for (double r : fake.reference[0].value) norm += r * r;
  for (std::int64_t e = 17 * 512 * 16; e < (17 * 512 + 3) * 16; ++e) {
    fake.set(e, fake.get(e) + 0.4);
    error += 0.16;
  }
  ASSERT_LT(std::sqrt(error / norm), 0.01);
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 17);
  EXPECT_EQ(result.mismatch->token_in_segment, 0);
  EXPECT_EQ(result.mismatch->fault, "leak across a boundary");
}

TEST(ToleranceVerdict, ZeroedSegmentOfThreeTokens) {
  FakeEvidence fake({20000, 3, 5000});
  fake.add(activation(25003, 8)).build();
  for (std::int64_t e = 20000 * 8; e < 20003 * 8; ++e) fake.set(e, 0);
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
  EXPECT_EQ(result.mismatch->token_in_segment, 0);
}

// Spread thinly over a unit, so that it shows in that kind only.
TEST(ToleranceVerdict, BoundaryWindowFirstChunkAndHeadAreUnitsOfTheirOwn) {
  FakeEvidence fake({500, 2000});
  fake.add(headed(2500, 4, 16)).build();
  const auto drift = [&](std::int64_t first, std::int64_t last, double by) {
    for (std::int64_t t = first; t < last; ++t)
      for (std::int64_t d = 0; d < 16; ++d) {
        const std::int64_t e = (t * 4 + 2) * 16 + d;
        fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e)] * (1 + by * 0x1p-8));
      }
  };
  const auto failed = [](const Comparison& result, std::string_view kind) {
    for (const reports::UnitReport& unit : result.tensors[0].worst)
      if (unit.kind == kind) return unit.failed;
    return std::int64_t{-1};
  };
  drift(500, 564, 1.4);
  Comparison result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(failed(result, "first chunk"), 1);
  EXPECT_EQ(failed(result, "token x head"), 0);
  EXPECT_EQ(failed(result, "segment"), 0);
  EXPECT_EQ(result.mismatch->head, 2);

  FakeEvidence heads({500, 2000});
  heads.add(headed(2500, 4, 16)).build();
  for (std::int64_t e = 500 * 64; e < 2500 * 64; ++e)
    if (e / 16 % 4 == 2)
      heads.set(e, heads.reference[0].value[static_cast<std::size_t>(e)] * (1 + 0.9 * 0x1p-8));
  result = heads.judge();
  EXPECT_EQ(failed(result, "segment x head"), 1);
  EXPECT_EQ(failed(result, "segment"), 0);
}

TEST(ToleranceVerdict, WindowFollowsTheWidthOfTheCase) {
  for (const auto& [width, units] : std::vector<std::pair<std::string, int>>{{"2", 2}, {"1", 0}}) {
    FakeEvidence fake({10, 0, 5});
    fake.the_case.fields["width"] = width;
    const Comparison result = fake.add(activation(15, 4)).build().judge();
    int seen = 0;
    for (const reports::UnitReport& unit : result.tensors[0].worst)
      if (unit.kind == "boundary window") seen = static_cast<int>(unit.units);
    EXPECT_EQ(seen, units);
  }
}

TEST(ToleranceVerdict, WeightGradientRowIsAUnit) {
  FakeEvidence fake({100});
  fake.add({"dweight",
            DType::fp32,
            {{Axis::feature, 512}, {Axis::tap, 4}},
            Judged::tolerance,
            Slack::none,
            Role::gradient});
  fake.build(1);
  for (std::int64_t e = 37 * 4; e < 38 * 4; ++e) fake.set(e, fake.get(e) * (1 + 0x1p-20));
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->index.substr(0, 4), "[37,");
  EXPECT_FALSE(result.mismatch->segment);
}

TEST(ToleranceVerdict, StatesOfTwoSegmentsSwapped) {
  FakeEvidence fake({5, 6, 7, 8});
  fake.add(state(4, 6, 3)).build();
  for (std::int64_t e = 0; e < 18; ++e) {
    const double one = fake.get(18 + e);
    fake.set(18 + e, fake.get(54 + e));
    fake.set(54 + e, one);
  }
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
  EXPECT_EQ(result.mismatch->fault, "stale state");
}

// An empty segment has no tokens, yet its final state is an output like any other.
TEST(ToleranceVerdict, StateOfAnEmptySegmentIsJudged) {
  FakeEvidence fake({5, 0, 7});
  fake.add(state(3, 6, 3));
  for (std::size_t e = 18; e < 36; ++e)
    fake.reference[0].value[e] = fake.reference[0].magnitude[e] = 0;
  fake.build();
  EXPECT_EQ(fake.judge().outcome, Outcome::pass);
  fake.set(20, 1e-30);
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
  EXPECT_EQ(result.mismatch->fault, "stale state");
}

TEST(ToleranceVerdict, ElementwiseBoundSeesOneElementInALargeUnit) {
  FakeEvidence fake({64});
  fake.add(activation(64, 4096));
  for (double& m : fake.reference[0].magnitude) m = 0;  // no more than |r| itself
  fake.reference[0].value[100] = 0.01;
  fake.build();
  fake.set(100, 0.012);
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->check, "elementwise bound");
  EXPECT_EQ(result.mismatch->index, "[0, 100]");
  EXPECT_EQ(result.tensors[0].wrong_elements, 1);
}

TEST(ToleranceVerdict, EmptySegmentsAnywhereHaveNoUnits) {
  for (const std::vector<std::int64_t>& lengths :
       {std::vector<std::int64_t>{0, 5, 6}, {5, 0, 0, 6}, {5, 6, 0}}) {
    FakeEvidence fake(lengths);
    const Comparison result = fake.add(activation(11, 4)).build().judge();
    EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
    EXPECT_EQ(result.tensors[0].worst[0].units, 2);
    fake.set(5 * 4, 3);
    const Comparison wrong = fake.judge();
    ASSERT_EQ(wrong.outcome, Outcome::mismatch);
    EXPECT_EQ(wrong.mismatch->segment,
              static_cast<std::int64_t>(lengths.size()) - (lengths.back() == 0 ? 2 : 1));
  }
}

TEST(ToleranceVerdict, NoTokensPassWithoutUnits) {
  FakeEvidence fake({0, 0});
  const Comparison result = fake.add(activation(0, 4)).build().judge();
  EXPECT_EQ(result.outcome, Outcome::pass) << result.detail;
  EXPECT_TRUE(result.tensors[0].worst.empty());
}

TEST(ToleranceVerdict, RowsBeyondTheLastBoundaryAreJudgedWithoutASlackContract) {
  FakeEvidence fake({5}, 8);
  fake.add(activation(8, 4)).build();
  EXPECT_EQ(fake.judge().outcome, Outcome::pass);
  fake.set(7 * 4, 30);
  const Comparison result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->token, 7);
  EXPECT_FALSE(result.mismatch->segment);
}

TEST(ToleranceVerdict, NearNothingIsLooserThanItsFactorAllows) {
  EXPECT_LE(kSegmentFactor, 2);
  EXPECT_LE(kSmallUnitFactor, 3);
  EXPECT_LE(kTokenFactor, 4);
  EXPECT_LE(kWidestLimit, 0.1);
  EXPECT_GE(kPlainRuns, 5);
}

}  // namespace
}  // namespace packproof::compare
