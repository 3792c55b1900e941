// Units below what their dtype holds in full.
#include <gtest/gtest.h>

#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;

// 200 tokens in fp16, the first `lost` of which are below its smallest number, as are their terms
// unless they only cancel.
struct LostTokens {
  FakeEvidence fake{{200}};

  LostTokens(std::int64_t lost, bool cancel, double plain_noise) {
    fake.add(activation(200, 1, DType::fp16));
    const auto shrink = [&](ReferenceTensor& r) {
      for (std::size_t e = 0; e < static_cast<std::size_t>(lost); ++e) {
        r.value[e] *= 1e-8;
        if (!cancel) r.magnitude[e] *= 1e-8;
      }
    };
    shrink(fake.reference[0]);
    fake.build(plain_noise, shrink);
  }
  Outcome judged_with(double value) {
    fake.set(2, value);
    return fake.judge().outcome;
  }
};

// There zero is as right as anything, of a token and of all, but no value that fp16 has in full is.
TEST(Mistrust, NotForWhatTheDTypeLoses) {
  for (const std::int64_t lost : {20, 200}) {
    LostTokens tokens(lost, /*cancel=*/false, /*plain_noise=*/0);
    EXPECT_EQ(tokens.fake.judge().outcome, Outcome::pass) << tokens.fake.judge().detail;
    for (const double right : {0.0, 0x1p-24, -0x1p-24})
      EXPECT_EQ(tokens.judged_with(right), Outcome::pass) << right;
    for (const double wrong : {1e-6, -1e-5, 0x1p-14, 0.1})
      EXPECT_EQ(tokens.judged_with(wrong), Outcome::mismatch) << wrong;
  }
}

// Where plain runs are off by more than such spacings, any small value would pass.
TEST(Mistrust, OfWhatTheDTypeLosesByALimitOfManySpacings) {
  LostTokens tokens(200, /*cancel=*/true, /*plain_noise=*/1);
  EXPECT_EQ(tokens.fake.judge().outcome, Outcome::mistrusted);
  EXPECT_EQ(tokens.judged_with(0), Outcome::mistrusted);
}

// As many tokens as that hang on terms that cancel: the segment does not answer for them.
TEST(Mistrust, OfLostTokensWhoseLimitsAreNot) {
  LostTokens tokens(20, /*cancel=*/true, /*plain_noise=*/1);
  EXPECT_EQ(tokens.fake.judge().outcome, Outcome::mistrusted);
}

}  // namespace
}  // namespace packproof::verdict
