// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

HandMadeCall positions(Sizes sizes, Values ids, const char* pads = "none") {
  return {.fields = {{"pads", pads}},
          .integers = {{"position_ids", {std::move(sizes), std::move(ids)}}}};
}

struct Packed {
  Values cu_seqlens;
  double num_segments, max_seqlen, valid_tokens;
};

Packed derive(const HandMadeCall& call) {
  const ReferenceResult out = run(cu_seqlens_from_position_ids_reference, call);
  const auto scalar = [&](const char* name) { return value_of(out, name).at(0); };
  return {value_of(out, "cu_seqlens"), scalar("num_segments"), scalar("max_seqlen"),
          scalar("valid_tokens")};
}
Values boundaries(const HandMadeCall& call) { return derive(call).cu_seqlens; }

TEST(CuSeqlensFromPositionIds, TwoSegments) {
  const Packed out = derive(positions({1, 5}, {0, 1, 2, 0, 1}));
  EXPECT_EQ(out.cu_seqlens, (Values{0, 3, 5, 5, 5, 5}));
  EXPECT_EQ(out.num_segments, 2);
  EXPECT_EQ(out.max_seqlen, 3);
  EXPECT_EQ(out.valid_tokens, 5);
}

TEST(CuSeqlensFromPositionIds, ThreeZerosAreThreeSegments) {
  EXPECT_EQ(boundaries(positions({1, 3}, {0, 0, 0})), (Values{0, 1, 2, 3}));
}

TEST(CuSeqlensFromPositionIds, AJumpOpensAndSoDoesAFallToAnyPosition) {
  EXPECT_EQ(boundaries(positions({1, 5}, {0, 1, 5, 6, 2})), (Values{0, 2, 4, 5, 5, 5}));
}

TEST(CuSeqlensFromPositionIds, ARowOpensEvenMidSequence) {
  const Packed out = derive(positions({2, 3}, {0, 1, 2, 3, 4, 0}));
  EXPECT_EQ(out.cu_seqlens, (Values{0, 3, 5, 6, 6, 6, 6}));
  EXPECT_EQ(out.num_segments, 3);
}

TEST(CuSeqlensFromPositionIds, PadsOwnNoSegmentOrOneARun) {
  const Packed none = derive(positions({1, 5}, {0, 1, 0, -1, -1}));
  EXPECT_EQ(none.cu_seqlens, (Values{0, 2, 3, 3, 3, 3}));
  EXPECT_EQ(none.num_segments, 2);
  const Packed own = derive(positions({1, 5}, {0, 1, 0, -1, -1}, "segment"));
  EXPECT_EQ(own.cu_seqlens, (Values{0, 2, 3, 5, 5, 5}));
  EXPECT_EQ(own.num_segments, 3);
  EXPECT_EQ(own.max_seqlen, 2);
  EXPECT_EQ(own.valid_tokens, 3);
}

TEST(CuSeqlensFromPositionIds, PadsOfTwoRowsAreTwoSegmentsThatNeverCount) {
  const Packed out = derive(positions({2, 3}, {0, -1, -1, -1, -1, 3}, "segment"));
  EXPECT_EQ(out.cu_seqlens, (Values{0, 1, 3, 5, 6, 6, 6}));
  EXPECT_EQ(out.max_seqlen, 1);
  EXPECT_EQ(out.valid_tokens, 2);
}

TEST(CuSeqlensFromPositionIds, NoTokens) {
  EXPECT_EQ(boundaries(positions({1, 0}, {})), (Values{0}));
  const Packed pads = derive(positions({1, 2}, {-1, -1}));
  EXPECT_EQ(pads.cu_seqlens, (Values{0, 0, 0}));
  EXPECT_EQ(pads.num_segments, 0);
  EXPECT_EQ(pads.max_seqlen, 0);
}

TEST(CuSeqlensFromPositionIds, MropeImagesHoldNoBoundary) {
  // Text, a 2x2 image at temporal position 1, text at 3; then a segment that begins with a 1x2
  // image.
  EXPECT_EQ(boundaries(positions({3, 1, 9}, {0, 1, 1, 1, 1, 3, 0, 0, 2,  //
                                             0, 1, 1, 2, 2, 3, 0, 0, 2,  //
                                             0, 1, 2, 1, 2, 3, 0, 1, 2})),
            (Values{0, 6, 9, 9, 9, 9, 9, 9, 9, 9}));
}

TEST(CuSeqlensFromPositionIds, MropeFallsToAPositionAboveZero) {
  EXPECT_EQ(boundaries(positions({3, 1, 3}, {4, 5, 2, 4, 5, 2, 4, 5, 2})), (Values{0, 2, 3, 3}));
}

TEST(CuSeqlensFromPositionIds, FourRowsAreJudgedByTheFirst) {
  EXPECT_EQ(boundaries(positions({4, 1, 4}, {0, 1, 2, 0,  //
                                             0, 0, 0, 7,  //
                                             0, 0, 0, 7,  //
                                             0, 0, 0, 7})),
            (Values{0, 3, 4, 4, 4}));
}

TEST(CuSeqlensFromPositionIds, SuppliedWinsOverWhatTheTailLooksLike) {
  HandMadeCall call = positions({1, 6}, {0, 1, 0, 1, 2, 0});
  call.integers["cu_seq_lens_q"] = list({0, 2, 2, 3});
  const Packed none = derive(call);
  EXPECT_EQ(none.cu_seqlens, (Values{0, 2, 2, 3, 3, 3, 3}));
  EXPECT_EQ(none.num_segments, 3);
  EXPECT_EQ(none.max_seqlen, 2);
  EXPECT_EQ(none.valid_tokens, 3);
  call.fields["pads"] = "segment";
  const Packed own = derive(call);
  EXPECT_EQ(own.cu_seqlens, (Values{0, 2, 2, 3, 6, 6, 6}));
  EXPECT_EQ(own.num_segments, 4);
  EXPECT_EQ(own.max_seqlen, 2);
}

}  // namespace
}  // namespace packproof::reference
