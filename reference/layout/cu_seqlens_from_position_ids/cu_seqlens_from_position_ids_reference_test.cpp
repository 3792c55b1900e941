// By hand.
#include "reference/layout/cu_seqlens_from_position_ids/cu_seqlens_from_position_ids_reference.h"

#include <vector>

#include <gtest/gtest.h>

namespace packproof::reference {
namespace {

using V = std::vector<std::int64_t>;

Integers of(const V& values) {
  return Eigen::Map<const Integers>(values.data(), std::ssize(values));
}
V list(const Integers& values) { return {values.data(), values.data() + values.size()}; }

PositionIdRows rows(std::int64_t rows, std::int64_t components, const V& ids) {
  return {of(ids), components, rows, std::ssize(ids) / (rows * components)};
}

PackedBoundaries derive(const PositionIdRows& in, PadRuns pad_runs = PadRuns::own_no_segment) {
  return cu_seqlens_from_position_ids(in, pad_runs, std::nullopt);
}

TEST(CuSeqlensFromPositionIds, TwoSegments) {
  const auto out = derive(rows(1, 1, {0, 1, 2, 0, 1}));
  EXPECT_EQ(list(out.cu_seqlens), (V{0, 3, 5, 5, 5, 5}));
  EXPECT_EQ(out.num_segments, 2);
  EXPECT_EQ(out.max_seqlen, 3);
  EXPECT_EQ(out.valid_tokens, 5);
}

TEST(CuSeqlensFromPositionIds, ThreeZerosAreThreeSegments) {
  EXPECT_EQ(list(derive(rows(1, 1, {0, 0, 0})).cu_seqlens), (V{0, 1, 2, 3}));
}

TEST(CuSeqlensFromPositionIds, AJumpOpensAndSoDoesAFallToAnyPosition) {
  EXPECT_EQ(list(derive(rows(1, 1, {0, 1, 5, 6, 2})).cu_seqlens), (V{0, 2, 4, 5, 5, 5}));
}

TEST(CuSeqlensFromPositionIds, ARowOpensEvenMidSequence) {
  const auto out = derive(rows(2, 1, {0, 1, 2, 3, 4, 0}));
  EXPECT_EQ(list(out.cu_seqlens), (V{0, 3, 5, 6, 6, 6, 6}));
  EXPECT_EQ(out.num_segments, 3);
}

TEST(CuSeqlensFromPositionIds, PadsOwnNoSegmentOrOneARun) {
  const PositionIdRows in = rows(1, 1, {0, 1, 0, -1, -1});
  const auto none = derive(in);
  EXPECT_EQ(list(none.cu_seqlens), (V{0, 2, 3, 3, 3, 3}));
  EXPECT_EQ(none.num_segments, 2);
  const auto own = derive(in, PadRuns::own_a_segment);
  EXPECT_EQ(list(own.cu_seqlens), (V{0, 2, 3, 5, 5, 5}));
  EXPECT_EQ(own.num_segments, 3);
  EXPECT_EQ(own.max_seqlen, 2);
  EXPECT_EQ(own.valid_tokens, 3);
}

TEST(CuSeqlensFromPositionIds, PadsOfTwoRowsAreTwoSegmentsThatNeverCount) {
  const auto out = derive(rows(2, 1, {0, -1, -1, -1, -1, 3}), PadRuns::own_a_segment);
  EXPECT_EQ(list(out.cu_seqlens), (V{0, 1, 3, 5, 6, 6, 6}));
  EXPECT_EQ(out.max_seqlen, 1);
  EXPECT_EQ(out.valid_tokens, 2);
}

TEST(CuSeqlensFromPositionIds, NoTokens) {
  EXPECT_EQ(list(derive({Integers(0), 1, 1, 0}).cu_seqlens), (V{0}));
  const auto pads = derive(rows(1, 1, {-1, -1}));
  EXPECT_EQ(list(pads.cu_seqlens), (V{0, 0, 0}));
  EXPECT_EQ(pads.num_segments, 0);
  EXPECT_EQ(pads.max_seqlen, 0);
}

TEST(CuSeqlensFromPositionIds, MropeImagesHoldNoBoundary) {
  // Text, a 2x2 image at temporal position 1, text at 3; then a segment that begins with a 1x2
  // image.
  const auto out = derive(rows(1, 3, {0, 1, 1, 1, 1, 3, 0, 0, 2,  //
                                      0, 1, 1, 2, 2, 3, 0, 0, 2,  //
                                      0, 1, 2, 1, 2, 3, 0, 1, 2}));
  EXPECT_EQ(list(out.cu_seqlens), (V{0, 6, 9, 9, 9, 9, 9, 9, 9, 9}));
}

TEST(CuSeqlensFromPositionIds, MropeFallsToAPositionAboveZero) {
  EXPECT_EQ(list(derive(rows(1, 3, {4, 5, 2, 4, 5, 2, 4, 5, 2})).cu_seqlens), (V{0, 2, 3, 3}));
}

TEST(CuSeqlensFromPositionIds, FourRowsAreJudgedByTheFirst) {
  EXPECT_EQ(list(derive(rows(1, 4,
                             {0, 1, 2, 0,  //
                              0, 0, 0, 7,  //
                              0, 0, 0, 7,  //
                              0, 0, 0, 7}))
                     .cu_seqlens),
            (V{0, 3, 4, 4, 4}));
}

TEST(CuSeqlensFromPositionIds, SuppliedWinsOverWhatTheTailLooksLike) {
  const PositionIdRows in = rows(1, 1, {0, 1, 0, 1, 2, 0});
  const Integers supplied = of({0, 2, 2, 3});
  const auto none = cu_seqlens_from_position_ids(in, PadRuns::own_no_segment, supplied);
  EXPECT_EQ(list(none.cu_seqlens), (V{0, 2, 2, 3, 3, 3, 3}));
  EXPECT_EQ(none.num_segments, 3);
  EXPECT_EQ(none.max_seqlen, 2);
  EXPECT_EQ(none.valid_tokens, 3);
  const auto own = cu_seqlens_from_position_ids(in, PadRuns::own_a_segment, supplied);
  EXPECT_EQ(list(own.cu_seqlens), (V{0, 2, 2, 3, 6, 6, 6}));
  EXPECT_EQ(own.num_segments, 4);
  EXPECT_EQ(own.max_seqlen, 2);
}

}  // namespace
}  // namespace packproof::reference
