// By hand.
#include <gtest/gtest.h>

#include "reference/op_references.h"
#include "reference/testing/hand_made_call.h"

namespace packproof::reference {
namespace {

// Segments of three, no and one tokens, and a row of slack.
ReferenceResult padded(const char* layout, const char* world, std::int64_t rows) {
  const HandMadeTensor values = list({1, 2, 3, 4, 99});
  return run(sp_pad_reference, {.fields = {{"layout", layout}, {"sp", world}, {"pad_id", "7"}},
                                .integers = {{"x", {{5, 1}, values.values}},
                                             {"input_ids", values},
                                             {"position_ids", values},
                                             {"labels", values},
                                             {"weights", values},
                                             {"cu_seqlens", list({0, 3, 3, 4})}},
                                .outputs = {{"x_padded", {rows, 1}}}});
}

TEST(SpPadReference, ContiguousPadsAreOneSegmentBehindTheTokens) {
  EXPECT_EQ(value_of(padded("contiguous", "3", 6), "cu_seqlens_padded"), (Values{0, 3, 3, 4, 6}));
  EXPECT_EQ(value_of(padded("contiguous", "2", 4), "cu_seqlens_padded"), (Values{0, 3, 3, 4, 4}));
}

TEST(SpPadReference, ZigzagPadsEachSegmentButEmptyOnes) {
  EXPECT_EQ(value_of(padded("zigzag", "2", 8), "cu_seqlens_padded"), (Values{0, 4, 4, 8}));
}

TEST(SpPadReference, PadsAndSlackLookAlike) {
  const ReferenceResult out = padded("zigzag", "2", 9);
  const auto with_pads = [](double pad) { return Values{1, 2, 3, pad, 4, pad, pad, pad, pad}; };
  EXPECT_EQ(value_of(out, "input_ids_padded"), with_pads(7));
  EXPECT_EQ(value_of(out, "position_ids_padded"), with_pads(-1));
  EXPECT_EQ(value_of(out, "labels_padded"), with_pads(-100));
  EXPECT_EQ(value_of(out, "weights_padded"), with_pads(0));
  EXPECT_EQ(value_of(out, "x_padded"), with_pads(0));
}

TEST(SpPadReference, BackwardDropsPads) {
  const ReferenceResult d =
      run(sp_pad_reference, {.fields = {{"layout", "zigzag"}, {"sp", "2"}},
                             .integers = {{"dx_padded", {{9, 1}, {1, 2, 3, 90, 4, 91, 92, 93, 94}}},
                                          {"cu_seqlens", list({0, 3, 3, 4})}},
                             .outputs = {{"dx", {5, 1}}}});
  EXPECT_EQ(value_of(d, "dx"), (Values{1, 2, 3, 4, 0}));
}

}  // namespace
}  // namespace packproof::reference
