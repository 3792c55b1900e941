#include "harness/looks_like/fault_kind.h"

#include <gtest/gtest.h>

#include "harness/memory/poison.h"
#include "harness/testing/fake_fault.h"

namespace packproof::verdict {
namespace {

TEST(FaultKind, LeakThroughTheWindow) {
  FakeEvidence fake({50, 0, 60, 70});
  fake.add(activation(180, 8)).build();
  fake.evidence.reach = Reach::window;
  spoil_rows(fake, 50, 53);
  spoil_rows(fake, 110, 112);
  EXPECT_EQ(fault_of(fake), "leak across a boundary");
  EXPECT_EQ(mismatch_of(fake).because,
            "wrong tokens are among the first 3 of segments 2 and 3, each behind another segment");
}

TEST(FaultKind, GradientLeaksBackwards) {
  FakeEvidence fake({50, 60});
  OutputSpec spec = activation(110, 8);
  spec.role = Role::gradient;
  fake.add(spec).build();
  fake.evidence.reach = Reach::window;
  spoil_rows(fake, 47, 50);
  EXPECT_EQ(fault_of(fake), "leak across a boundary");
}

// What sees its own token alone cannot leak, and a state may enter a segment in many ways.
TEST(FaultKind, WrongBehindBoundariesIsNoLeakByItself) {
  for (const Reach reach : {Reach::own_token, Reach::segment}) {
    for (const std::int64_t last : {53, 90, 320}) {
      FakeEvidence fake({50, 200, 70});
      fake.add(activation(320, 8)).build();
      fake.evidence.reach = reach;
      spoil_rows(fake, 50, last);
      EXPECT_EQ(fault_of(fake), "");
    }
  }
}

TEST(FaultKind, WindowOfTheFirstSegmentIsNoLeak) {
  FakeEvidence fake({50, 60});
  fake.add(activation(110, 8)).build();
  fake.evidence.reach = Reach::window;
  spoil_rows(fake, 0, 3);
  spoil_rows(fake, 50, 53);
  EXPECT_EQ(fault_of(fake), "");
}

// A boundary that is a tile's edge too says nothing about boundaries.
TEST(FaultKind, TileEdge) {
  FakeEvidence fake({128, 300});
  fake.add(activation(428, 8)).build();
  fake.evidence.reach = Reach::window;
  spoil_rows(fake, 128, 131);
  EXPECT_EQ(fault_of(fake), "tile edge");
  spoil_rows(fake, 256, 258);
  EXPECT_EQ(fault_of(fake), "tile edge");
  EXPECT_EQ(mismatch_of(fake).because, "wrong tokens are the 3 from a multiple of 128");
  spoil_rows(fake, 200, 201);
  EXPECT_EQ(fault_of(fake), "");
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
    for (std::int64_t e = first * 8; e < (first + 10) * 8; ++e)
      memory::set_bits(fake.out(), e, memory::kPoison16);
    EXPECT_EQ(fault_of(fake), "unwritten tail");
  }
  FakeEvidence middle({50, 60});
  middle.add(activation(110, 8)).build();
  for (std::int64_t e = 30 * 8; e < 35 * 8; ++e)
    memory::set_bits(middle.out(), e, memory::kPoison16);
  EXPECT_EQ(fault_of(middle), "unwritten elements");
  EXPECT_EQ(mismatch_of(middle).because,
            "5 of 110 tokens still hold what was there before the run");
  FakeEvidence all({50, 60});
  all.add(activation(110, 8)).build();
  for (std::int64_t e = 0; e < 110 * 8; ++e) memory::set_bits(all.out(), e, memory::kPoison16);
  EXPECT_EQ(fault_of(all), "unwritten elements");
}

TEST(FaultKind, UnwrittenSlackIsAnUnwrittenTail) {
  FakeEvidence fake({50}, 60);
  fake.add(activation(60, 8, DType::bf16, Slack::zero)).build();
  for (std::int64_t e = 50 * 8; e < 60 * 8; ++e) memory::set_bits(fake.out(), e, memory::kPoison16);
  EXPECT_EQ(fault_of(fake), "unwritten tail");
}

TEST(FaultKind, ChunkPhase) {
  FakeEvidence fake({50, 200, 300});
  fake.add(activation(550, 8)).build();
  fake.evidence.reach = Reach::segment;
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

TEST(FaultKind, PadsInSlackAndInTheLastState) {
  FakeEvidence slack({5, 6}, 16);
  slack.add(activation(16, 8, DType::bf16, Slack::zero)).build();
  for (std::int64_t e = 12 * 8; e < 16 * 8; ++e) slack.set(e, 0);
  EXPECT_EQ(fault_of(slack), "pads treated as tokens");

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
}  // namespace packproof::verdict
