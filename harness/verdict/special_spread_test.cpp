// NaN and infinities that an op in chunks may have of its own, and those that it may not.
#include <gtest/gtest.h>

#include <limits>

#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

// Segments of 4 tokens, 4 features each; the first holds specials, and the reference has a NaN at
// its token 2, feature 1.
class SpecialSpreadTest : public testing::Test {
 protected:
  explicit SpecialSpreadTest(OutputSpec spec = activation(8, 4)) : fake_({4, 4}) {
    fake_.the_case.fill = Fill::specials;
    fake_.add(spec);
    fake_.reference[0].value[9] = kNan;
    fake_.build();
    fake_.evidence.specials_spread = true;
  }

  Outcome with(std::int64_t element, double got) {
    fake_.set(9, kInf);  // not finite is enough
    fake_.set(element, got);
    return fake_.judge().outcome;
  }

  FakeEvidence fake_;
};

TEST_F(SpecialSpreadTest, MayReachAnyTokenOfItsSegment) {
  EXPECT_EQ(with(0, kNan), Outcome::pass) << fake_.judge().detail;
  EXPECT_EQ(with(15, -kInf), Outcome::pass);
}

TEST_F(SpecialSpreadTest, MustNotReachAnotherSegment) {
  EXPECT_EQ(with(16, kNan), Outcome::mismatch);
  EXPECT_EQ(fake_.judge().mismatch->check, "nan");
}

TEST_F(SpecialSpreadTest, MustShowWhereTheReferenceHasOne) {
  EXPECT_EQ(with(9, 0.5), Outcome::mismatch);
}

TEST_F(SpecialSpreadTest, LeavesTheOtherSegmentJudged) {
  EXPECT_EQ(with(17, 9), Outcome::mismatch);
  EXPECT_NE(fake_.judge().mismatch->check, "nan");
}

TEST_F(SpecialSpreadTest, IsNoExcuseForUnwrittenElements) {
  with(0, kNan);
  memory::set_bits(fake_.out(), 1, memory::poison_bits(DType::bf16));
  EXPECT_EQ(fake_.judge().mismatch->check, "unwritten");
}

TEST_F(SpecialSpreadTest, IsOfOtherFillsAndOpsNoExcuse) {
  fake_.evidence.specials_spread = false;
  EXPECT_EQ(with(0, kNan), Outcome::mismatch);
  fake_.evidence.specials_spread = true;
  fake_.the_case.fill = Fill::normal;
  EXPECT_NE(with(0, kNan), Outcome::pass);
}

class SpecialSpreadOfAWeight : public SpecialSpreadTest {
 protected:
  SpecialSpreadOfAWeight()
      : SpecialSpreadTest({.name = "dw",
                           .dtype = DType::bf16,
                           .dims = {{Axis::feature, 8}, {Axis::tap, 4}},
                           .judged = Judged::tolerance,
                           .role = Role::gradient}) {}
};

TEST_F(SpecialSpreadOfAWeight, MayReachAllOfItsGradient) {
  EXPECT_EQ(with(31, kNan), Outcome::pass) << fake_.judge().detail;
}

}  // namespace
}  // namespace packproof::verdict
