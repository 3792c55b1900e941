#include "harness/verdict/odd_tokens.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;

constexpr std::int64_t kTokens = 400, kFeatures = 16;

// Plain runs are a little off at each token, and `outlier` roundoffs of the magnitude off at one.
struct HeavyTail {
  FakeEvidence fake{{kTokens}};

  explicit HeavyTail(double outlier) {
    fake.add(activation(kTokens, kFeatures));
    fake.signature.outputs[0].bound = ElementBound::none;
    fake.build(/*plain_noise=*/2);
    PlainRun& plain = fake.evidence.plain[3];
    spoil(plain.outputs[0], (*plain.reference)[0], 200, outlier);
  }
  Outcome judged_with(double roundoffs, std::int64_t tokens) {
    for (std::int64_t t = 0; t < tokens; ++t)
      spoil(fake.out(), fake.reference[0], 7 + t, roundoffs);
    return fake.judge().outcome;
  }
  static void spoil(const Tensor& tensor, const ReferenceTensor& want, std::int64_t token,
                    double roundoffs) {
    for (std::int64_t e = token * kFeatures; e < (token + 1) * kFeatures; ++e) {
      const auto i = static_cast<std::size_t>(e);
      store(tensor, e, want.value[i] + roundoffs * 0x1p-8 * want.magnitude[i]);
    }
  }
};

// The limit is some 6.8 roundoffs of the magnitude: four times what most tokens show.
TEST(OddTokens, OneIsAllowedWhatTheWorstTokenOfPlainRunsShows) {
  EXPECT_EQ(HeavyTail(2).judged_with(6, 1), Outcome::pass);
  EXPECT_EQ(HeavyTail(2).judged_with(8, 1), Outcome::mismatch);
  EXPECT_EQ(HeavyTail(12).judged_with(8, 1), Outcome::pass);
}

// 8 roundoffs are within four times the 4 that further plain runs are off by.
TEST(OddTokens, OneIsAllowedWhatFurtherPlainRunsGiveIt) {
  for (const double noise : {1.0, 4.0}) {
    HeavyTail tokens(2);
    tokens.fake.give_further(noise);
    EXPECT_EQ(tokens.judged_with(8, 1), noise > 2 ? Outcome::pass : Outcome::mismatch) << noise;
  }
}

TEST(OddTokens, AreFewAndNotFarBeyondTheirLimits) {
  EXPECT_EQ(HeavyTail(12).judged_with(8, 4), Outcome::pass);
  EXPECT_EQ(HeavyTail(12).judged_with(8, 5), Outcome::mismatch);
  EXPECT_EQ(HeavyTail(60).judged_with(11, 1), Outcome::mismatch);
  EXPECT_EQ(HeavyTail(60).judged_with(INFINITY, 1), Outcome::mismatch);
}

// Tokens of one fp32 number. All five plain runs are lucky at each; the further ones are `usual`
// roundoffs of the magnitude off. Where they `cancel`, only kWhole keeps its terms whole.
struct LuckyTokens {
  static constexpr std::size_t kWhole = 108;  // behind the first chunk
  FakeEvidence fake;

  LuckyTokens(std::vector<std::int64_t> lengths, double usual, bool cancel = false)
      : fake(std::move(lengths)) {
    fake.add(activation(fake.the_case.valid_tokens(), 1, DType::fp32));
    fake.signature.outputs[0].bound = ElementBound::none;
    const auto edit = [&](ReferenceTensor& r) {
      if (!cancel) return;
      for (double& value : r.value) value /= 16;
      r.value[kWhole] = r.magnitude[kWhole];
    };
    edit(fake.reference[0]);
    fake.build(/*plain_noise=*/2, edit);
    fake.give_further(usual, edit);
  }
  Outcome judged_with(double roundoffs, std::int64_t first, std::int64_t tokens = 1) {
    for (std::int64_t t = first; t < first + tokens; ++t) {
      const auto i = static_cast<std::size_t>(t);
      const ReferenceTensor& want = fake.reference[0];
      fake.set(t, want.value[i] + roundoffs * 0x1p-24 * want.magnitude[i]);
    }
    return fake.judge().outcome;
  }
};

// The limit of five is some 9 roundoffs of the magnitude, that of twenty four times `usual`.
TEST(OddTokens, LuckInFiveRunsIsSettledByTwenty) {
  for (const double usual : {2.0, 12.0})
    EXPECT_EQ(LuckyTokens({kTokens}, usual).judged_with(27, 108),
              usual > 2 ? Outcome::pass : Outcome::mismatch)
        << usual;
  EXPECT_EQ(LuckyTokens({kTokens}, 12).judged_with(60, 108), Outcome::mismatch);
  EXPECT_EQ(LuckyTokens({kTokens}, 12).judged_with(27, 108, 4), Outcome::pass);
  EXPECT_EQ(LuckyTokens({kTokens}, 12).judged_with(27, 108, 5), Outcome::mismatch);
}

TEST(OddTokens, NoLuckIsThatGreatAndNoLimitThatWide) {
  EXPECT_EQ(LuckyTokens({4 * kTokens}, 60).judged_with(60, 108), Outcome::pass);
  EXPECT_EQ(LuckyTokens({4 * kTokens}, 60).judged_with(90, 108), Outcome::mismatch);
  EXPECT_EQ(LuckyTokens({kTokens}, 0x1p20).judged_with(27, 108), Outcome::mismatch);
}

// 27 roundoffs of a number that is whole are less than what most are off by beside their size.
TEST(OddTokens, OneIsAllowedWhatMostShowBesideTheirSize) {
  constexpr auto kWhole = static_cast<std::int64_t>(LuckyTokens::kWhole);
  EXPECT_EQ(LuckyTokens({kTokens}, 2, /*cancel=*/true).judged_with(27, kWhole), Outcome::pass);
  EXPECT_EQ(LuckyTokens({kTokens}, 2, /*cancel=*/true).judged_with(27, kWhole + 3),
            Outcome::mismatch);
  EXPECT_EQ(LuckyTokens({kTokens}, 2, /*cancel=*/true).judged_with(120, kWhole), Outcome::mismatch);
}

// In a recurrence tokens of a chunk may all hold one error.
TEST(OddTokens, AnErrorThatNeighboursShareCountsOnce) {
  const auto judged = [](Reach reach, double roundoffs, double usual, std::int64_t tokens) {
    LuckyTokens lucky({kTokens}, usual);
    lucky.fake.evidence.reach = reach;
    return lucky.judged_with(roundoffs, 108, tokens);
  };
  EXPECT_EQ(judged(Reach::segment, 11, 12, 20), Outcome::pass);
  EXPECT_EQ(judged(Reach::segment, 11, 2, 20), Outcome::mismatch);
  EXPECT_EQ(judged(Reach::segment, 15, 12, 20), Outcome::mismatch);
  EXPECT_EQ(judged(Reach::own_token, 11, 12, 20), Outcome::mismatch);
}

// A segment of one token is that token. One of 16 has no such leave, though its tokens pass.
TEST(OddTokens, ShortSegmentsMayBeAsOddAsTheirTokens) {
  EXPECT_EQ(LuckyTokens({kTokens - 1, 1}, 12).judged_with(27, kTokens - 1), Outcome::pass);
  EXPECT_EQ(LuckyTokens({kTokens - 1, 1}, 2).judged_with(27, kTokens - 1), Outcome::mismatch);
  EXPECT_EQ(LuckyTokens({kTokens - 16, 16}, 12).judged_with(6, kTokens - 16, 16),
            Outcome::mismatch);
}

}  // namespace
}  // namespace packproof::verdict
