// Evidence that cannot be judged.
#include <gtest/gtest.h>

#include <limits>

#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(Mistrust, NonFiniteReference) {
  for (double value : {kNan, kInf}) {
    FakeEvidence fake({4, 4});
    fake.add(activation(8, 4));
    fake.reference[0].value[3] = value;
    const Verdict result = fake.build().judge();
    EXPECT_EQ(result.outcome, Outcome::mistrusted);
    EXPECT_NE(result.detail.find("[0, 3]"), std::string::npos) << result.detail;
  }
  FakeEvidence magnitude({8});
  magnitude.add(activation(8, 4));
  magnitude.reference[0].magnitude[3] = kNan;
  EXPECT_EQ(magnitude.build().judge().outcome, Outcome::mistrusted);
}

TEST(Mistrust, SlackRowsOfTheReferenceMayHoldAnything) {
  FakeEvidence fake({4}, 6);
  fake.add(activation(6, 4, DType::bf16, Slack::zero));
  for (std::size_t e = 16; e < 24; ++e) fake.reference[0].value[e] = kNan;
  fake.build();
  for (std::int64_t e = 16; e < 24; ++e) fake.set(e, 0);
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
}

TEST(Mistrust, LimitThatReachesATenth) {
  FakeEvidence fake({200});
  fake.add(activation(200, 64)).build(/*plain_noise=*/30);
  const Verdict result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::mistrusted);
  EXPECT_FALSE(result.mismatch);
  EXPECT_NE(result.detail.find("too wide"), std::string::npos) << result.detail;
  for (std::int64_t e = 0; e < 64; ++e) fake.set(e, 0);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

// The terms of a token (of the first `tokens`) leave `share` of what they leave elsewhere, in the
// candidate's sample or in that of the plain runs too.
Verdict judged_with_cancelling_tokens(std::int64_t tokens, double share, bool in_plain_runs) {
  FakeEvidence fake({200});
  fake.add(activation(200, 64));
  const auto cancel = [&](ReferenceTensor& r) {
    for (std::size_t e = 0; e < static_cast<std::size_t>(tokens) * 64; ++e) r.value[e] *= share;
  };
  cancel(fake.reference[0]);
  if (in_plain_runs)
    fake.build(/*plain_noise=*/1, cancel);
  else
    fake.build(/*plain_noise=*/1);
  return fake.judge();
}

TEST(Mistrust, NotWhereOneSampleHappensToCancel) {
  EXPECT_EQ(judged_with_cancelling_tokens(20, 1e-3, /*in_plain_runs=*/false).outcome,
            Outcome::pass);
}

TEST(Mistrust, MoreThanAHundredthOfTheTokensBlind) {
  EXPECT_EQ(judged_with_cancelling_tokens(2, 0.1, /*in_plain_runs=*/true).outcome, Outcome::pass);
  EXPECT_EQ(judged_with_cancelling_tokens(3, 0.1, /*in_plain_runs=*/true).outcome,
            Outcome::mistrusted);
}

TEST(Mistrust, ATokenThatAnyValueWouldPass) {
  const Verdict result = judged_with_cancelling_tokens(1, 1e-3, /*in_plain_runs=*/true);
  EXPECT_EQ(result.outcome, Outcome::mistrusted);
  EXPECT_NE(result.detail.find("any value would pass"), std::string::npos) << result.detail;
}

void cancel_three_tokens(ReferenceTensor& r) {
  for (std::size_t e = 0; e < std::size_t{3} * 64; ++e) r.value[e] *= 1e-3;
}

// Three tokens of 200 cancel in all five plain runs, by luck or always: further runs tell which,
// and no fault hides meanwhile.
TEST(Mistrust, FurtherRunsTellLuckFromBlindness) {
  FakeEvidence fake({200});
  fake.add(activation(200, 64));
  cancel_three_tokens(fake.reference[0]);
  fake.build(/*plain_noise=*/1, cancel_three_tokens);
  ASSERT_EQ(fake.judge().outcome, Outcome::mistrusted);
  fake.give_further(/*plain_noise=*/1, cancel_three_tokens);
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
  fake.give_further(/*plain_noise=*/1);
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
  for (std::int64_t e = 0; e < 64; ++e) fake.set(e, 0.1);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

// The same of runs that err more than they usually do. The limit is the one that they gave.
TEST(Mistrust, FurtherRunsTellLuckOfErrors) {
  FakeEvidence fake({200});
  fake.add(activation(200, 64)).build(/*plain_noise=*/9);
  fake.signature.outputs[0].bound = ElementBound::none;
  ASSERT_EQ(fake.judge().outcome, Outcome::mistrusted);
  fake.give_further(/*plain_noise=*/9);
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
  fake.give_further(/*plain_noise=*/0);
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
  const auto judge_with_error = [&](double roundoffs) {
    for (std::int64_t e = 0; e < 64; ++e) {
      const auto i = static_cast<std::size_t>(e);
      fake.set(e, fake.reference[0].value[i] +
                      roundoffs * 0x1p-8 * fake.reference[0].magnitude[i] * (e % 2 == 0 ? 1 : -1));
    }
    return fake.judge().outcome;
  };
  EXPECT_EQ(judge_with_error(20), Outcome::pass);
  EXPECT_EQ(judge_with_error(60), Outcome::mismatch);
}

TEST(Mistrust, PlainRunThatIsNotFinite) {
  FakeEvidence fake({200});
  fake.add(activation(200, 64)).build();
  store(fake.evidence.plain[4].outputs[0], 77, kNan);
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
}

TEST(Mistrust, TooFewPlainRuns) {
  FakeEvidence fake({8});
  fake.add(activation(8, 4)).build();
  fake.evidence.plain.pop_back();
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
  fake.evidence.plain.clear();
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
  fake.set(3, kNan);  // needs no limit to be wrong
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

TEST(Mistrust, EvidenceThatDoesNotFit) {
  EXPECT_EQ(judge({}).outcome, Outcome::mistrusted);
  const std::vector<std::function<void(FakeEvidence&)>> spoil = {
      [](FakeEvidence& f) { f.evidence.outputs.clear(); },
      [](FakeEvidence& f) { f.evidence.outputs.push_back(f.evidence.outputs[0]); },
      [](FakeEvidence& f) { f.evidence.reference = nullptr; },
      [](FakeEvidence& f) { f.reference[0].value.pop_back(); },
      [](FakeEvidence& f) { f.reference[0].magnitude.pop_back(); },
      [](FakeEvidence& f) { f.reference[0].name = "other"; },
      [](FakeEvidence& f) { f.evidence.outputs[0].dtype = DType::fp16; },
      [](FakeEvidence& f) { f.evidence.outputs[0].dims[0].size = 7; },
      [](FakeEvidence& f) { f.evidence.outputs[0].data = nullptr; },
      [](FakeEvidence& f) { f.evidence.plain[2].outputs.clear(); },
      [](FakeEvidence& f) { f.evidence.plain[2].reference = nullptr; },
      [](FakeEvidence& f) { f.signature.outputs.clear(); },
      [](FakeEvidence& f) {
        f.signature.outputs.clear();
        f.evidence.outputs.clear();
      },
      [](FakeEvidence& f) { f.the_case.lengths = {9}; },
      [](FakeEvidence& f) {
        f.the_case.raw_cu_seqlens = {0, 5, 3};
      },
  };
  for (std::size_t i = 0; i < spoil.size(); ++i) {
    FakeEvidence fake({8});
    fake.add(activation(8, 4)).build();
    ASSERT_EQ(fake.judge().outcome, Outcome::pass);
    spoil[i](fake);
    EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted) << i;
    EXPECT_FALSE(fake.judge().detail.empty()) << i;
  }
}

TEST(Mistrust, IntegersHaveNoTolerance) {
  FakeEvidence fake({8});
  OutputSpec spec = activation(8, 1, DType::int32);
  EXPECT_EQ(fake.add(spec).build().judge().outcome, Outcome::mistrusted);
}

TEST(Mistrust, MismatchInAnotherOutputOutranksIt) {
  FakeEvidence fake({8});
  fake.add(activation(8, 4)).add(state(1, 4, 3));
  fake.reference[0].value[3] = kNan;
  fake.build();
  fake.set(0, 99, 1);
  const Verdict result = fake.judge();
  EXPECT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->tensor, "final_state");
  EXPECT_NE(result.detail.find("not finite"), std::string::npos);
}

// An unsound reference proves no value wrong, but what nobody wrote is wrong whatever it says.
TEST(Mistrust, UnsoundReferenceProvesNoValueWrong) {
  FakeEvidence fake({8});
  fake.add(activation(8, 4));
  fake.reference[0].value[3] = kNan;
  fake.build();
  fake.set(20, kNan);
  fake.set(24, 99);
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
  memory::set_bits(fake.out(), 28, memory::kPoison16);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
  EXPECT_EQ(fake.judge().mismatch->check, "unwritten");
}

TEST(Mistrust, PlainRunWithoutTheNanOfItsReference) {
  FakeEvidence fake({8});
  fake.the_case.fill = Fill::specials;
  fake.add(activation(8, 4));
  fake.reference[0].value[20] = kNan;
  fake.build();
  ASSERT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
  store(fake.evidence.plain[1].outputs[0], 20, 1);
  EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted);
}

}  // namespace
}  // namespace packproof::verdict
