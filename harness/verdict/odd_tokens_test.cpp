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

}  // namespace
}  // namespace packproof::verdict
