// Data movement, slack contracts and poison.
#include <gtest/gtest.h>

#include "harness/memory/poison.h"
#include "harness/testing/fake_evidence.h"

namespace packproof::verdict {
namespace {

using reports::Outcome;

TEST(BitsVerdict, EqualBitsPassWithoutPlainRuns) {
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::int32, DType::int64}) {
    FakeEvidence fake({3, 0, 5});
    fake.add(moved(8, 4, dtype)).build();
    fake.evidence.plain.clear();
    EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
    memory::set_bits(fake.out(), 14, memory::bits_of(fake.out(), 14) ^ 1);
    const Verdict result = fake.judge();
    ASSERT_EQ(result.outcome, Outcome::mismatch);
    EXPECT_EQ(result.mismatch->check, "bits");
    EXPECT_EQ(result.mismatch->index, "[3, 2]");
    EXPECT_EQ(result.mismatch->segment, 2);
    EXPECT_EQ(result.tensors[0].wrong_elements, 1);
  }
}

// Catches: a wrong boundary that names no segment, or the one behind it.
TEST(BitsVerdict, BoundaryNamesTheSegmentThatItEnds) {
  FakeEvidence fake({3, 2, 4});
  fake.add({"cu_seqlens", DType::int32, {{Axis::boundary, 4}}, Judged::bits});
  fake.reference[0].value = {0, 3, 5, 9};
  fake.build();
  fake.set(2, 9);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->index, "[2]");
  EXPECT_EQ(result.mismatch->segment, 1);
}

TEST(BitsVerdict, NegativeZeroIsNotZero) {
  FakeEvidence fake({8});
  fake.add(moved(8, 1, DType::bf16));
  fake.reference[0].value[4] = 0.0;
  fake.build();
  fake.set(4, -0.0);
  const Verdict result = fake.judge();
  ASSERT_EQ(result.outcome, Outcome::mismatch);
  EXPECT_EQ(result.mismatch->got, "-0 (0x8000)");
}

TEST(BitsVerdict, GivenBitsKeepNanPayloads) {
  FakeEvidence fake({4});
  fake.add(moved(4, 1, DType::bf16));
  fake.reference[0].bits = {0x7FC1, 0x3F80, memory::kPoison16, 0};
  fake.build();
  EXPECT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
  memory::set_bits(fake.out(), 0, 0x7FC2);
  EXPECT_EQ(fake.judge().outcome, Outcome::mismatch);
}

TEST(BitsVerdict, UnwrittenElement) {
  for (DType dtype : {DType::bf16, DType::int32, DType::int64}) {
    FakeEvidence fake({8});
    fake.add(moved(8, 2, dtype)).build();
    memory::set_bits(fake.out(), 3, memory::poison_bits(dtype));
    ASSERT_EQ(fake.judge().outcome, Outcome::mismatch);
    EXPECT_EQ(fake.judge().mismatch->check, "unwritten");
  }
}

TEST(BitsVerdict, ReferenceThatTheDTypeCannotHoldIsMistrusted) {
  for (double value : {0.5, 3e9}) {
    FakeEvidence fake({4});
    fake.add(moved(4, 1, DType::int32)).build();
    fake.reference[0].value[1] = value;
    EXPECT_EQ(fake.judge().outcome, Outcome::mistrusted) << value;
    EXPECT_NE(fake.judge().detail.find("cannot hold"), std::string::npos);
  }
}

TEST(SlackVerdict, ZeroContract) {
  for (Judged judged : {Judged::bits, Judged::tolerance}) {
    FakeEvidence fake({3, 2}, 8);
    OutputSpec spec = activation(8, 2, DType::bf16, Slack::zero);
    spec.judged = judged;
    fake.add(spec).build();
    for (std::int64_t e = 10; e < 16; ++e) fake.set(e, 0);
    ASSERT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
    for (double wrong : {1e-30, -0.0}) {
      fake.set(12, wrong);
      const Verdict result = fake.judge();
      ASSERT_EQ(result.outcome, Outcome::mismatch) << wrong;
      EXPECT_EQ(result.mismatch->check, "slack");
      EXPECT_EQ(result.mismatch->token, 6);
      EXPECT_FALSE(result.mismatch->segment);
    }
    memory::set_bits(fake.out(), 12, memory::kPoison16);
    EXPECT_EQ(fake.judge().mismatch->check, "unwritten");
  }
}

TEST(SlackVerdict, UntouchedContract) {
  for (Judged judged : {Judged::bits, Judged::tolerance}) {
    FakeEvidence fake({3, 2}, 8);
    OutputSpec spec = activation(8, 2, DType::bf16, Slack::untouched);
    spec.judged = judged;
    fake.add(spec).build();
    for (std::int64_t e = 10; e < 16; ++e) memory::set_bits(fake.out(), e, memory::kPoison16);
    ASSERT_EQ(fake.judge().outcome, Outcome::pass) << fake.judge().detail;
    fake.set(15, 0);
    const Verdict result = fake.judge();
    ASSERT_EQ(result.outcome, Outcome::mismatch);
    EXPECT_EQ(result.mismatch->check, "slack");
    EXPECT_EQ(result.mismatch->index, "[7, 1]");
  }
}

TEST(SlackVerdict, ContractWithoutATokenAxisIsMistrusted) {
  FakeEvidence fake({3});
  OutputSpec spec = state(1, 2, 3);
  spec.slack = Slack::zero;
  EXPECT_EQ(fake.add(spec).build().judge().outcome, Outcome::mistrusted);
}

TEST(Poison, CoversEveryByteAndIsNan) {
  std::vector<std::uint64_t> memory(4, 0);
  for (DType dtype : {DType::bf16, DType::fp16, DType::fp32, DType::fp64, DType::int32,
                      DType::int64, DType::uint8}) {
    const Tensor tensor{"t", dtype, {{Axis::entry, 4}}, memory.data()};
    memory::poison(tensor);
    for (std::int64_t i = 0; i < 4; ++i) {
      EXPECT_TRUE(memory::is_poison(tensor, i));
      if (is_floating(dtype)) {
        EXPECT_FALSE(std::abs(load(tensor, i)) < 1e300);  // NaN, but for fp64
      }
    }
    memory::set_bits(tensor, 2, 0);
    EXPECT_FALSE(memory::is_poison(tensor, 2));
  }
}

TEST(HalfSpacing, IsTheWorstOfOneRounding) {
  EXPECT_EQ(memory::half_spacing(DType::bf16, 1.0), 0x1p-8);
  EXPECT_EQ(memory::half_spacing(DType::bf16, -1.99), 0x1p-8);
  EXPECT_EQ(memory::half_spacing(DType::fp16, 0x1p-20), 0x1p-25);
  EXPECT_EQ(memory::half_spacing(DType::fp32, 4.0), 0x1p-22);
  EXPECT_EQ(memory::half_spacing(DType::fp64, 1.0), 0x1p-53);
  EXPECT_EQ(memory::half_spacing(DType::bf16, 0.0), 0);
}

}  // namespace
}  // namespace packproof::verdict
