// Arithmetic outputs: faults that common limits let through.
#include <gtest/gtest.h>

#include "harness/evidence/limits.h"
#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;

TEST(ToleranceFaults, OneWrongTokenInTheLastSegmentAmongTenThousand) {
  FakeEvidence fake({3000, 0, 6992, 8});
  fake.add(activation(10000, 16)).build();
  for (std::int64_t c = 0; c < 16; ++c) fake.set(9995 * 16 + c, fake.get(9994 * 16 + c));
  const Verdict result = fake.judge();
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
TEST(ToleranceFaults, TokenUnitSeesWhatTheElementwiseBoundAllows) {
  FakeEvidence fake({4000});
  fake.add(activation(4000, 64)).build();
  for (std::int64_t c = 0; c < 64; ++c) {
    const std::int64_t e = 777 * 64 + c;
    const auto i = static_cast<std::size_t>(e);
    fake.set(e, fake.reference[0].value[i] + 3 * 0x1p-8 * fake.reference[0].magnitude[i]);
  }
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->check, "unit error");
  EXPECT_EQ(result.mismatch->token, 777);
  for (const reports::UnitReport& unit : result.tensors[0].worst)
    EXPECT_EQ(unit.failed, unit.kind == "token" ? 1 : 0) << unit.kind;
}

// A constant small drift: no token stands out, the segment does.
TEST(ToleranceFaults, SegmentUnitSeesADriftThatNoTokenShows) {
  FakeEvidence fake({100, 4000});
  fake.add(activation(4100, 8)).build();
  for (std::int64_t e = 100 * 8; e < 4100 * 8; ++e)
    fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e)] * (1 + 0.9 * 0x1p-8));
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
}

TEST(ToleranceFaults, LeakAtOneBoundaryThatAGlobalRatioMisses) {
  FakeEvidence fake(std::vector<std::int64_t>(64, 500));
  fake.add(activation(32000, 16)).build();
  fake.evidence.reach = Reach::window;
  double error = 0, norm = 0;
  for (double r : fake.reference[0].value) norm += r * r;
  for (std::int64_t e = 17 * 500 * 16; e < (17 * 500 + 3) * 16; ++e) {
    fake.set(e, fake.get(e) + 0.4);
    error += 0.16;
  }
  ASSERT_LT(std::sqrt(error / norm), 0.01);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 17);
  EXPECT_EQ(result.mismatch->token_in_segment, 0);
  EXPECT_EQ(result.mismatch->fault, "leak across a boundary");
}

TEST(ToleranceFaults, ZeroedSegmentOfThreeTokens) {
  FakeEvidence fake({20000, 3, 5000});
  fake.add(activation(25003, 8)).build();
  for (std::int64_t e = 20000 * 8; e < 20003 * 8; ++e) fake.set(e, 0);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
  EXPECT_EQ(result.mismatch->token_in_segment, 0);
}

// Spread thinly over a unit, so that it shows in that kind only.
TEST(ToleranceFaults, BoundaryWindowFirstChunkAndHeadAreUnitsOfTheirOwn) {
  FakeEvidence fake({500, 2000});
  fake.add(headed(2500, 4, 16)).build();
  const auto drift = [&](std::int64_t first, std::int64_t last, double by) {
    for (std::int64_t t = first; t < last; ++t)
      for (std::int64_t d = 0; d < 16; ++d) {
        const std::int64_t e = (t * 4 + 2) * 16 + d;
        fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e)] * (1 + by * 0x1p-8));
      }
  };
  const auto failed = [](const Verdict& result, std::string_view kind) {
    for (const reports::UnitReport& unit : result.tensors[0].worst)
      if (unit.kind == kind) return unit.failed;
    return std::int64_t{-1};
  };
  drift(500, 564, 1.4);
  Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
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

TEST(ToleranceFaults, WeightGradientRowIsAUnit) {
  FakeEvidence fake({100});
  fake.add({"dweight",
            DType::fp32,
            {{Axis::feature, 512}, {Axis::tap, 4}},
            Judged::tolerance,
            Slack::none,
            Role::gradient});
  fake.build(1);
  for (std::int64_t e = 37 * 4; e < 38 * 4; ++e) fake.set(e, fake.get(e) * (1 + 0x1p-20));
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->index.substr(0, 4), "[37,");
  EXPECT_FALSE(result.mismatch->segment);
}

TEST(ToleranceFaults, StatesOfTwoSegmentsSwapped) {
  FakeEvidence fake({5, 6, 7, 8});
  fake.add(state(4, 6, 3)).build();
  for (std::int64_t e = 0; e < 18; ++e) {
    const double one = fake.get(18 + e);
    fake.set(18 + e, fake.get(54 + e));
    fake.set(54 + e, one);
  }
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->segment, 1);
  EXPECT_EQ(result.mismatch->fault, "state of another segment");
}

TEST(ToleranceFaults, ElementwiseBoundSeesOneElementInALargeUnit) {
  FakeEvidence fake({64});
  fake.add(activation(64, 4096));
  for (double& m : fake.reference[0].magnitude) m = 0;  // no more than |r| itself
  fake.reference[0].value[100] = 0.01;
  fake.build();
  fake.set(100, 0.012);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->check, "elementwise bound");
  EXPECT_EQ(result.mismatch->index, "[0, 100]");
  EXPECT_EQ(result.tensors[0].wrong_elements, 1);
}

// Within every element's bound: only the units below see these.
TEST(ToleranceFaults, StateAndTensorAndWindowAreUnitsOfTheirOwn) {
  const auto failed = [](const Verdict& result, std::string_view kind) {
    for (const reports::UnitReport& unit : result.tensors[0].worst)
      if (unit.kind == kind) return unit.failed;
    return std::int64_t{-1};
  };
  const auto drift = [](FakeEvidence& fake, std::int64_t first, std::int64_t last, double by) {
    for (std::int64_t e = first; e < last; ++e)
      fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e)] * (1 + by));
  };
  FakeEvidence states({5, 6, 7});
  states.add(state(3, 16, 3)).build();
  drift(states, 48, 96, 14 * 0x1p-24);
  Verdict result = states.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->check, "unit error");
  EXPECT_EQ(failed(result, "state"), 1);
  EXPECT_EQ(result.mismatch->segment, 1);

  FakeEvidence gradient({100});
  gradient.add({"dweight",
                DType::bf16,
                {{Axis::feature, 512}, {Axis::tap, 4}},
                Judged::tolerance,
                Slack::none,
                Role::gradient});
  gradient.build();
  drift(gradient, 0, 2048, 1.6 * 0x1p-8);
  result = gradient.judge();
  EXPECT_EQ(failed(result, "tensor"), 1);
  EXPECT_EQ(result.tensors[0].wrong_elements, 0);

  FakeEvidence window({500, 2000});
  window.add(activation(2500, 16)).build();
  drift(window, 500 * 16, 503 * 16, 2.2 * 0x1p-8);
  result = window.judge();
  EXPECT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(failed(result, "boundary window"), 1);
  EXPECT_EQ(failed(result, "token"), 0);
  EXPECT_EQ(failed(result, "first chunk"), 0);
}

}  // namespace
}  // namespace packproof::verdict
