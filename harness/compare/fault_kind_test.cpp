#include "harness/compare/fault_kind.h"

#include <gtest/gtest.h>

#include "harness/compare/fake_evidence.h"
#include "harness/compare/poison.h"

namespace packproof::compare {
namespace {

std::string fault_of(const FakeEvidence& fake) {
  const Comparison result = fake.judge();
  EXPECT_EQ(result.outcome, reports::Outcome::mismatch);
  return result.mismatch ? result.mismatch->fault : "none";
}

void spoil_rows(FakeEvidence& fake, std::int64_t first, std::int64_t last) {
  const std::int64_t width = fake.out().count() / fake.out().dims[0].size;
  for (std::int64_t e = first * width; e < last * width; ++e)
    fake.set(e, fake.get(e) + 0.7 + 0.01 * static_cast<double>(e % 13));
}

TEST(FaultKind, LeakThroughTheWindow) {
  FakeEvidence fake({50, 0, 60, 70});
  fake.add(activation(180, 8)).build();
  spoil_rows(fake, 50, 53);
  spoil_rows(fake, 110, 112);
  EXPECT_EQ(fault_of(fake), "leak across a boundary");
}

TEST(FaultKind, LeakThroughTheFirstChunk) {
  FakeEvidence fake({50, 200, 70});
  fake.add(activation(320, 8)).build();
  spoil_rows(fake, 50, 90);
  EXPECT_EQ(fault_of(fake), "leak across a boundary");
}

TEST(FaultKind, LeakThatNeverDecays) {
  FakeEvidence fake({50, 200, 70});
  fake.add(activation(320, 8)).build();
  spoil_rows(fake, 50, 320);
  EXPECT_EQ(fault_of(fake), "leak across a boundary");
}

TEST(FaultKind, GradientLeaksBackwards) {
  FakeEvidence fake({50, 60});
  OutputSpec spec = activation(110, 8);
  spec.role = Role::gradient;
  fake.add(spec).build();
  spoil_rows(fake, 47, 50);
  EXPECT_EQ(fault_of(fake), "leak across a boundary");
}

TEST(FaultKind, WindowOfTheFirstSegmentIsStaleState) {
  FakeEvidence fake({50, 60});
  fake.add(activation(110, 8)).build();
  spoil_rows(fake, 0, 3);
  spoil_rows(fake, 50, 53);
  EXPECT_EQ(fault_of(fake), "stale state");
}

TEST(FaultKind, OffByOneRow) {
  for (int step : {-1, 1}) {
    FakeEvidence fake({50, 60});
    fake.add(activation(110, 8)).build();
    for (std::int64_t e = 60 * 8; e < 100 * 8; ++e)
      fake.set(e, fake.reference[0].value[static_cast<std::size_t>(e + step * 8)]);
    EXPECT_EQ(fault_of(fake), "off by one");
  }
}

TEST(FaultKind, OffByOneValue) {
  FakeEvidence fake({5, 6});
  fake.add({"cu_seqlens", DType::int32, {{Axis::boundary, 3}}, Judged::bits});
  fake.reference[0].value = {0, 5, 11};
  fake.build();
  fake.set(1, 4);
  fake.set(2, 10);
  EXPECT_EQ(fault_of(fake), "off by one");
}

// Positions 0,1,0,0,1,2 read as two segments: the boundary at 3 is lost.
TEST(FaultKind, BoundaryLost) {
  FakeEvidence fake({2, 1, 3});
  fake.add({"cu_seqlens", DType::int32, {{Axis::boundary, 4}}, Judged::bits});
  fake.reference[0].value = {0, 2, 3, 6};
  fake.build();
  fake.set(2, 6);
  EXPECT_EQ(fault_of(fake), "segments merged");
}

TEST(FaultKind, WrongActivationIsNoFaultOfBoundaries) {
  FakeEvidence fake({3, 2});
  fake.add(activation(5, 8)).build();
  spoil_rows(fake, 0, 5);
  EXPECT_EQ(fault_of(fake), "wrong everywhere, boundaries or not");
}

TEST(FaultKind, UnwrittenTailOfASegmentAndOfTheTensor) {
  for (std::int64_t first : {40, 100}) {
    FakeEvidence fake({50, 60});
    fake.add(activation(110, 8)).build();
    for (std::int64_t e = first * 8; e < (first + 10) * 8; ++e) set_bits(fake.out(), e, kPoison16);
    EXPECT_EQ(fault_of(fake), "unwritten tail");
  }
  FakeEvidence middle({50, 60});
  middle.add(activation(110, 8)).build();
  for (std::int64_t e = 30 * 8; e < 35 * 8; ++e) set_bits(middle.out(), e, kPoison16);
  EXPECT_EQ(fault_of(middle), "");
}

TEST(FaultKind, UnwrittenSlackIsAnUnwrittenTail) {
  FakeEvidence fake({50}, 60);
  fake.add(activation(60, 8, DType::bf16, Slack::zero)).build();
  for (std::int64_t e = 50 * 8; e < 60 * 8; ++e) set_bits(fake.out(), e, kPoison16);
  EXPECT_EQ(fault_of(fake), "unwritten tail");
}

TEST(FaultKind, WrongHead) {
  FakeEvidence fake({50, 60});
  fake.add(headed(110, 4, 8)).build();
  for (std::int64_t t = 0; t < 110; ++t)
    for (std::int64_t d = 0; d < 8; ++d)
      fake.set((t * 4 + 3) * 8 + d,
               fake.reference[0].value[static_cast<std::size_t>((t * 4 + 1) * 8 + d)]);
  EXPECT_EQ(fault_of(fake), "wrong head");
}

TEST(FaultKind, ChunkPhase) {
  FakeEvidence fake({50, 200, 300});
  fake.add(activation(550, 8)).build();
  spoil_rows(fake, 50 + 128, 250);
  spoil_rows(fake, 250 + 64, 250 + 100);
  EXPECT_EQ(fault_of(fake), "chunk phase");
}

TEST(FaultKind, PadsJoinedTheLastSegmentInATable) {
  FakeEvidence fake({5, 6}, 16);
  fake.add({"cu_seqlens", DType::int32, {{Axis::boundary, 3}}, Judged::bits});
  fake.reference[0].value = {0, 5, 11};
  fake.build();
  fake.set(2, 16);
  EXPECT_EQ(fault_of(fake), "pads joined the last segment");
}

TEST(FaultKind, PadsJoinedTheLastSegmentInAnIndex) {
  FakeEvidence fake({2, 2}, 6);
  fake.add({"sequence_index", DType::int32, {{Axis::token, 6}}, Judged::bits});
  fake.reference[0].value = {0, 0, 1, 1, -1, -1};
  fake.build();
  fake.set(4, 1);
  fake.set(5, 1);
  EXPECT_EQ(fault_of(fake), "pads joined the last segment");
}

TEST(FaultKind, PadsJoinedTheLastSegmentInSlackAndInItsState) {
  FakeEvidence slack({5, 6}, 16);
  slack.add(activation(16, 8, DType::bf16, Slack::zero)).build();
  for (std::int64_t e = 12 * 8; e < 16 * 8; ++e) slack.set(e, 0);
  EXPECT_EQ(fault_of(slack), "pads joined the last segment");

  FakeEvidence last({5, 6, 0}, 16);
  last.add(state(3, 4, 3)).build();
  for (std::int64_t e = 12; e < 24; ++e) last.set(e, 1);
  EXPECT_EQ(fault_of(last), "pads joined the last segment");
}

TEST(FaultKind, NothingFits) {
  FakeEvidence fake({50, 200});
  fake.add(activation(250, 8)).build();
  spoil_rows(fake, 20, 22);
  EXPECT_EQ(fault_of(fake), "");
}

}  // namespace
}  // namespace packproof::compare
